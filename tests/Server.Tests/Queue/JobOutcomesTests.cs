using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Execution;
using NodeHost.Queue;

namespace NodeHost.Tests.Server.Queue;

public sealed class JobOutcomesTests
{
    [Fact]
    public void From_SeveralDisplays_CountsThemAndPrefersASavedFileForLists()
    {
        var outcome = JobOutcomes.From(
            Result(
                ("1", """{"images":[{"filename":"a.png","type":"temp"}],"animated":[true]}"""),
                ("2", """{"text":["words"]}"""),
                ("3", """{"images":[{"filename":"b.png","type":"output"},{"filename":"c.png","type":"output"}]}""")
            ),
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddSeconds(1)
        );
        Assert.Equal((5, 3), (outcome.OutputsCount, outcome.PreviewableOutputsCount));
        var preview = JObject.Parse(Encoding.UTF8.GetString(outcome.PreviewOutput!));
        Assert.Equal(
            ("b.png", "3", "images"),
            ((string?)preview["filename"], (string?)preview["nodeId"], (string?)preview["mediaType"])
        );
        Assert.Equal((0, 1000), (outcome.StartTime, outcome.EndTime));
    }

    [Fact]
    public void From_NothingShown_HasNoPreview()
    {
        var outcome = JobOutcomes.From(Result(), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        Assert.Equal((0, null), (outcome.OutputsCount, outcome.PreviewOutput));
    }

    private static RunResult Result(params (string Node, string Output)[] displays) =>
        new()
        {
            Request = new("id", [], []),
            Status = RunStatus.Succeeded,
            Displays =
            [
                .. displays.Select(display => new NodeUi(
                    display.Node,
                    display.Node,
                    null,
                    display.Node,
                    JObject.Parse(display.Output)
                )),
            ],
            Messages = [],
            Executed = [],
        };
}
