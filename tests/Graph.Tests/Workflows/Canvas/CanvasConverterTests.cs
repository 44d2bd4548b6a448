using NodeHost.Graph.Workflows.Canvas;
using static NodeHost.Graph.Tests.Workflows.Canvas.CanvasSample;

namespace NodeHost.Graph.Tests.Workflows.Canvas;

public class CanvasConverterTests
{
    [Fact]
    public void Convert_SeedWithControlEntry_SkipsTheEntry_AndTakesTheLink()
    {
        var file = File(
            $"{Node(2, "Sample", "[7, \"randomize\", 12]", "1")}, {Node(1, "Load", "[\"b\"]")}",
            "[1, 1, 0, 2, 0, \"MODEL\"]"
        );

        var prompt = Convert(file).Prompt;

        Assert.Equal(
            """
            {"1":{"inputs":{"name":"b"},"class_type":"Load","_meta":{"title":"Load It"}},"2":{"inputs":{"seed":7,"steps":12,"model":["1",0]},"class_type":"Sample","_meta":{"title":"Sample It"}}}
            """,
            prompt.Text()
        );
    }

    [Fact]
    public void Convert_NoValues_TakesDefaults()
    {
        var prompt = Convert(File(Node(2, "Sample", "null"), "")).Prompt;
        Assert.Equal("""{"seed":0,"steps":20}""", prompt["2"]!["inputs"].Text());
    }

    [Theory]
    [InlineData(0, """["2",0]""")]
    [InlineData(2, "absent")]
    [InlineData(4, """["1",0]""")]
    public void Convert_ModeOfTheMiddleNode_DecidesWhatItsConsumerGets(int mode, string expected)
    {
        var file = File(
            $"{Node(1, "Load", "[]")}, {Node(2, "Sample", "[]", "1", mode)}, {Node(3, "Sample", "[]", "2")}",
            "[1, 1, 0, 2, 0, \"MODEL\"], [2, 2, 0, 3, 0, \"MODEL\"]"
        );
        Assert.Equal(expected, Convert(file).Prompt["3"]!["inputs"]!["model"].Text());
    }

    [Fact]
    public void Convert_Reroutes_AreFollowed()
    {
        var file = File(
            $"{Node(1, "Load", "[]")}, {Node(2, "Reroute", "[]", "1")}, {Node(3, "Sample", "[]", "2")}",
            "[1, 1, 0, 2, 0, \"*\"], [2, 2, 0, 3, 0, \"MODEL\"]"
        );
        var prompt = Convert(file).Prompt;
        Assert.Equal("""["1",0]""", prompt["3"]!["inputs"]!["model"].Text());
        Assert.Null(prompt["2"]);
    }

    [Fact]
    public void Convert_LoopOfReroutes_IsCut()
    {
        var file = File(
            $"{Node(1, "Reroute", "[]", "2")}, {Node(2, "Reroute", "[]", "1")}, {Node(3, "Sample", "[]", "3")}",
            "[1, 1, 0, 2, 0, \"*\"], [2, 2, 0, 1, 0, \"*\"], [3, 1, 0, 3, 0, \"MODEL\"]"
        );
        Assert.Equal("absent", Convert(file).Prompt["3"]!["inputs"]!["model"].Text());
    }

    [Fact]
    public void Convert_LoopOfBypassedNodes_IsAnError()
    {
        var file = File(
            $"{Node(1, "Sample", "[]", "2", 4)}, {Node(2, "Sample", "[]", "1", 4)}, {Node(3, "Sample", "[]", "3")}",
            "[1, 1, 0, 2, 0, \"MODEL\"], [2, 2, 0, 1, 0, \"MODEL\"], [3, 1, 0, 3, 0, \"MODEL\"]"
        );
        Assert.Contains("loop", Assert.Throws<CanvasException>(() => Convert(file)).Message);
    }

    [Fact]
    public void Convert_Primitive_IsClampedAndRoundedToItsTarget()
    {
        var primitive = """
            {"id": 1, "type": "PrimitiveNode", "outputs": [{"links": [1]}], "widgets_values": [31, "fixed"]}
            """;
        var sample = """
            {"id": 2, "type": "Sample", "widgets_values": [1, "fixed", 20],
             "inputs": [{"name": "steps", "type": "INT", "link": 1, "widget": {"name": "steps"}}]}
            """;
        var prompt = Convert(File($"{primitive}, {sample}", "[1, 1, 0, 2, 0, \"INT\"]")).Prompt;
        Assert.Equal("33", prompt["2"]!["inputs"]!["steps"].Text());
    }

    [Fact]
    public void Convert_UnknownClass_IsReportedByNameAndPlace()
    {
        var conversion = Convert(File("""{"id": 5, "type": "Nope", "title": "Here", "widgets_values": [1, 2]}""", ""));
        Assert.Equal(new UnknownCanvasNode("5", "Nope", "Here"), Assert.Single(conversion.UnknownNodes));
        Assert.Equal("""{"5":{"inputs":{"UNKNOWN":2},"_meta":{"title":"Here"}}}""", conversion.Prompt.Text());
    }

    [Fact]
    public void Convert_DynamicPrompt_LosesCommentsAndBraces()
    {
        var prompt = Convert(File(Node(1, "Text", """["a {b} \\{c\\} // d"]"""), "")).Prompt;
        Assert.Equal("\"a b {c} \"", prompt["1"]!["inputs"]!["text"].Text());
    }

    [Fact]
    public void Convert_Subgraph_PutsTheInstanceBeforeTheInnerIds()
    {
        var file = File(
            $"{Node(1, "Load", "[]")}, {Node(10, "sub", "[]", "1")}, {Node(3, "Sample", "[]", "2")}",
            "[1, 1, 0, 10, 0, \"MODEL\"], [2, 10, 0, 3, 0, \"MODEL\"]",
            Subgraphs(Subgraph("sub", Node(4, "Sample", "[]", "1")))
        );
        var prompt = Convert(file).Prompt;
        Assert.Equal("""["1",0]""", prompt["10:4"]!["inputs"]!["model"].Text());
        Assert.Equal("""["10:4",0]""", prompt["3"]!["inputs"]!["model"].Text());
    }

    [Fact]
    public void Convert_SubgraphDefinedInsideAnother_IsFound()
    {
        const string inner =
            """{"id": "inner", "inputs": [], "outputs": [], "links": [], "nodes": [{"id": 3, "type": "Load", "widgets_values": ["b"]}]}""";
        var outer = $$$"""
            {"id": "outer", "inputs": [], "outputs": [], "links": [], "nodes": [{"id": 5, "type": "inner"}],
             "definitions": {"subgraphs": [{{{inner}}}]}}
            """;

        var prompt = Convert(
            File(
                """{"id": 20, "type": "outer"}""",
                "",
                $$$"""
                "definitions": {"subgraphs": [{{{outer}}}]}
                """
            )
        ).Prompt;

        Assert.Equal("b", (string?)prompt["20:5:3"]!["inputs"]!["name"]);
    }

    [Fact]
    public void Convert_SubgraphInItself_IsAnError()
    {
        var file = File(Node(10, "sub", "[]"), "", Subgraphs(Subgraph("sub", Node(4, "sub", "[]", "1"))));
        Assert.Contains("contains itself", Assert.Throws<CanvasException>(() => Convert(file)).Message);
    }

    [Fact]
    public void Convert_SubgraphsNestedWithoutEnd_AreAnError()
    {
        var all = Enumerable.Range(0, 5000).Select(level => Subgraph($"s{level}", Node(4, $"s{level + 1}", "[]", "1")));
        var file = File(Node(10, "s0", "[]"), "", Subgraphs([.. all]));
        Assert.Contains("deeper", Assert.Throws<CanvasException>(() => Convert(file)).Message);
    }

    [Fact]
    public void Convert_SubgraphsThatDouble_AreAnErrorNotAHang()
    {
        var all = Enumerable
            .Range(0, 60)
            .Select(level =>
                Subgraph($"s{level}", $"{Node(4, $"s{level + 1}", "[]", "1")}, {Node(5, $"s{level + 1}", "[]")}")
            );
        var file = File(Node(10, "s0", "[]"), "", Subgraphs([.. all]));
        Assert.Contains("more than", Assert.Throws<CanvasException>(() => Convert(file)).Message);
    }

    [Fact]
    public void Convert_LongChain_NeedsNoStack()
    {
        var nodes = Enumerable.Range(1, 5000).Select(id => Node(id, "Reroute", "[]", id == 1 ? "null" : $"{id - 1}"));
        var links = Enumerable.Range(1, 5000).Select(id => $"[{id}, {id}, 0, {id + 1}, 0, \"*\"]");
        var file = File($"{string.Join(',', nodes)}, {Node(5001, "Sample", "[]", "5000")}", string.Join(',', links));
        Assert.Single(Convert(file).Prompt.Properties());
    }

    private static string Subgraphs(params string[] all) =>
        $$"""
            "definitions": {"subgraphs": [{{string.Join(',', all)}}]}
            """;

    private static string Subgraph(string id, string nodes) =>
        $$"""
            {"id": "{{id}}", "name": "{{id}}", "inputs": [{"name": "model", "type": "MODEL"}],
             "outputs": [{"name": "out", "type": "MODEL"}], "nodes": [{{nodes}}],
             "links": [{"id": 1, "origin_id": -10, "origin_slot": 0, "target_id": 4, "target_slot": 0},
                       {"id": 2, "origin_id": 4, "origin_slot": 0, "target_id": -20, "target_slot": 0}]}
            """;

    [Theory]
    [InlineData("%Sample.seed%", "7")] // its class, where the file has no name for searches
    [InlineData("%Sample.control_after_generate%", "randomize")]
    [InlineData("%Sample It.steps%", "12")]
    [InlineData("%SaveImage.filename_prefix%", "%SaveImage.filename_prefix%")] // classes that save have no such name
    [InlineData("%Mine.text%", "hello")]
    [InlineData("%Sample.none%", "%Sample.none%")]
    [InlineData("%date:yyy%", "yyy")]
    [InlineData("%date:yyyy.MM%", "%date:yyyy.MM%")] // taken for a node's name, as in the frontend
    public void Convert_PatternInTheNameOfAFile_IsReplacedByAWidgetsValue(string pattern, string expected)
    {
        const string named =
            """{"id": 2, "type": "Text", "widgets_values": ["hello"], "properties": {"Node name for S&R": "Mine"}}""";
        var file = File(
            $"{Node(1, "Sample", "[7, \"randomize\", 12]")}, {named}, {Node(3, "SaveImage", $"[\"{pattern}\"]")}",
            ""
        );

        Assert.Equal(expected, (string?)Convert(file).Prompt["3"]!["inputs"]!["filename_prefix"]);
    }

    [Fact]
    public void IsCanvas_FileWithoutLinks_IsOne()
    {
        var file = File(Node(1, "Load", "[\"b\"]"), "");
        file.Remove("links");

        Assert.True(CanvasConverter.IsCanvas(file));
        Assert.Equal("b", (string?)Convert(file).Prompt["1"]!["inputs"]!["name"]);
    }
}
