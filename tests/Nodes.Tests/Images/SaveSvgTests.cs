using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Images;
using NodeHost.Nodes.Values;
using NodeHost.Tests.Nodes.EndToEnd;
using NodeHost.Tests.Nodes.Files;

namespace NodeHost.Tests.Nodes.Images;

public sealed class SaveSvgTests
{
    [Fact]
    public void Execute_Drawings_AreNumberedAndCarryTheWorkflow()
    {
        using var folders = new TemporaryFolders();

        var ui = new SaveSvg
        {
            Svg = new Svg(["<?xml version=\"1.0\"?><svg width=\"4\"><path/></svg>", "<svg/>"]),
            FilenamePrefix = "drawings/a",
            Prompt = JObject.Parse("""{"1": "]]>"}"""),
            ExtraPngInfo = JObject.Parse("""{"workflow": {}}"""),
        }.Execute(new NodeContext(new TestServices((typeof(IFolderPaths), folders.Paths))));

        Assert.Equal(
            ["a_00001_.svg", "a_00002_.svg"],
            ui.ToJson()["images"]!.Select(file => (string)file["filename"]!)
        );
        Assert.Equal(
            "<?xml version=\"1.0\"?><svg width=\"4\"><metadata><![CDATA["
                + """{"prompt": {"1": "]]]]><![CDATA[>"}, "workflow": {}}"""
                + "]]></metadata><path/></svg>",
            File.ReadAllText(folders.At("output/drawings/a_00001_.svg"))
        );
        // A drawing without content has no place for it.
        Assert.Equal("<svg/>", File.ReadAllText(folders.At("output/drawings/a_00002_.svg")));
    }
}
