using System.Globalization;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;
using NodeHost.Graph.Workflows.Canvas;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;

namespace NodeHost.Tests.EndToEnd;

/// <summary>
/// The workflows as the canvas saves them say the same as those in API format. <c>tests/TinyModels/canvas.sh</c> draws them
/// anew after a change.
/// </summary>
public sealed class CanvasTwinTests
{
    private static readonly Lazy<JObject> ObjectInfo = new(() =>
    {
        using var services = NodePack.CreateServices(new FolderLayout());
        return NodePack.CreateCatalogue().ObjectInfo(services);
    });

    public static TheoryData<string> All => [.. Workflows.Api];

    [Fact]
    public void Twins_OfEveryWorkflow_AreThere() =>
        Assert.Equal(Workflows.Api.Select(name => $"canvas/{name}"), Workflows.Canvas);

    [Theory]
    [MemberData(nameof(All))]
    public void Convert_CanvasTwin_GivesExactlyTheApiTwin(string workflow)
    {
        var conversion = CanvasConverter.Convert(Read($"canvas/{workflow}"), ObjectInfo.Value);

        Assert.Empty(conversion.UnknownNodes);
        var (expected, actual) = (Plain(Read(workflow)), Plain(conversion.Prompt));
        Assert.Equal(Ids(expected), Ids(actual));
        foreach (var id in Ids(expected))
        {
            Assert.True(
                JToken.DeepEquals(expected[id], actual[id]),
                $"{workflow}, node #{id}: the API twin has {expected[id]}, the canvas twin gives {actual[id]}"
            );
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Draw_CanvasTwin_LeavesRoomBetweenNodes(string workflow)
    {
        var nodes = Read($"canvas/{workflow}")["nodes"]!
            .Select(node => node["pos"]!.Concat(node["size"]!).Select(number => (double)number).ToArray())
            .ToArray();

        for (var first = 0; first < nodes.Length; first++)
        {
            Assert.All(nodes.Skip(first + 1), second => Assert.False(Overlap(nodes[first], second), workflow));
        }
    }

    private static bool Overlap(double[] a, double[] b) =>
        a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];

    private static JObject Read(string workflow) =>
        (JObject)PromptJson.Parse(File.ReadAllText(Path.Combine(Workflows.Folder, workflow)));

    private static IEnumerable<string> Ids(JObject prompt) =>
        prompt.Properties().Select(node => node.Name).OrderBy(id => int.Parse(id, CultureInfo.InvariantCulture));

    /// <summary>JSON knows one kind of number: 7.0 and 7 are the same.</summary>
    private static JObject Plain(JObject json)
    {
        var plain = (JObject)json.DeepClone();
        foreach (var value in plain.Descendants().OfType<JValue>().ToArray())
        {
            if (value.Type is JTokenType.Integer or JTokenType.Float)
            {
                value.Replace(new JValue(System.Convert.ToString(value.Value, CultureInfo.InvariantCulture)));
            }
        }
        return plain;
    }
}
