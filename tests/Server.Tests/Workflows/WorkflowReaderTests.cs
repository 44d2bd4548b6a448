using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Images;
using NodeHost.Images.Png;
using NodeHost.Nodes;
using NodeHost.Workflows;

namespace NodeHost.Tests.Server.Workflows;

public sealed class WorkflowReaderTests
{
    private const string Prompt = """
        {"1": {"class_type": "EmptyImage", "inputs": {"width": 16, "height": 8, "batch_size": 1, "color": 255}},
         "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "drawn"}}}
        """;

    private const string Canvas = """
        {"version": 0.4, "nodes": [
          {"id": 1, "type": "EmptyImage", "outputs": [{"name": "IMAGE", "type": "IMAGE", "links": [1]}],
           "widgets_values": [16, 8, 1, 255]},
          {"id": 2, "type": "SaveImage", "inputs": [{"name": "images", "type": "IMAGE", "link": 1}],
           "widgets_values": ["drawn"]}],
         "links": [[1, 1, 0, 2, 0, "IMAGE"]]}
        """;

    private static readonly Lazy<JObject> ObjectInfo = new(() =>
        NodePack.CreateCatalogue().ObjectInfo(EmptyProvider.Instance)
    );

    private static readonly WorkflowReader Reader = new(() => ObjectInfo.Value);

    [Fact]
    public void Read_ApiJson_IsThePromptItself()
    {
        var reading = Reader.Read(Bytes(Prompt));

        Assert.True(reading.IsConverted);
        AssertPrompt(reading);
        Assert.Null(reading.Canvas);
        Assert.Null(reading.Body);
    }

    [Fact]
    public void Read_BodyOfPostPrompt_KeepsTheRestOfIt()
    {
        var reading = Reader.Read(Bytes($"{{\"client_id\": \"c\", \"prompt\": {Prompt}}}"));

        AssertPrompt(reading);
        Assert.Equal("c", (string?)reading.Body!["client_id"]);
    }

    [Fact]
    public void Read_CanvasJson_IsConvertedAndKept()
    {
        var reading = Reader.Read((byte[])[.. Encoding.UTF8.Preamble, .. Bytes(Canvas)]);

        AssertPrompt(reading);
        Assert.True(JToken.DeepEquals(JObject.Parse(Canvas), reading.Canvas));
    }

    public static TheoryData<string> Containers => ["png", "animated png", "webp", "latent"];

    [Theory]
    [MemberData(nameof(Containers))]
    public void Read_FilesThatCarryBoth_GiveWhatRanAndWhatWasDrawn(string container)
    {
        var reading = Reader.Read(Save(container, ("workflow", Canvas), ("prompt", Prompt.Replace("drawn", "ran"))));

        Assert.True(reading.IsConverted);
        Assert.Equal("ran", (string?)reading.Prompt["2"]!["inputs"]!["filename_prefix"]);
        Assert.True(JToken.DeepEquals(JObject.Parse(Canvas), reading.Canvas));
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public void Read_FilesThatCarryTheCanvasAlone_AreConverted(string container)
    {
        AssertPrompt(Reader.Read(Save(container, ("workflow", Canvas))));
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public void Read_FilesThatCarryNothing_SaySo(string container)
    {
        var reading = Reader.Read(Save(container, ("parameters", "a cat")));

        Assert.False(reading.IsConverted);
        Assert.Contains("carries no workflow", Assert.Single(reading.Problems).Message);
    }

    [Fact]
    public void Read_UnknownNodes_AreAllReportedWithTheirPlaces()
    {
        const string canvas = """
            {"version": 0.4, "nodes": [{"id": 7, "type": "NoSuchNode", "title": "Mine"}, {"id": 8, "type": "NorThis"}], "links": []}
            """;

        var reading = Reader.Read(Bytes(canvas));

        Assert.False(reading.IsConverted);
        Assert.Equal(["7", "8"], reading.Problems.Select(problem => problem.NodeId));
        Assert.Equal(["NoSuchNode", "NorThis"], reading.Problems.Select(problem => problem.ClassType));
        Assert.StartsWith("node #7 ('Mine'): its class NoSuchNode does not exist", reading.Problems[0].ToString());
        Assert.NotNull(reading.Canvas);
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("", "not valid JSON")]
    [InlineData("[]", "expected a workflow")]
    [InlineData("\u0089PNG\r\n", "not valid JSON")]
    public void Read_SomethingElse_GivesAProblemAndNoException(string text, string expected)
    {
        var problem = Assert.Single(Reader.Read(Encoding.Latin1.GetBytes(text)).Problems);

        Assert.Contains(expected, problem.Message);
    }

    [Fact]
    public void Read_BrokenJsonInAPicture_GivesAProblem()
    {
        var problem = Assert.Single(Reader.Read(Save("png", ("prompt", "{\"1\": "))).Problems);

        Assert.Contains("not valid JSON", problem.Message);
    }

    [Theory]
    [InlineData("prompt", "workflow", Canvas)]
    [InlineData("workflow", "prompt", Prompt)]
    public void Read_TextOfAnotherProgramBesideAWorkflow_IsPassedOver(string foreign, string key, string workflow)
    {
        AssertPrompt(Reader.Read(Save("png", (foreign, "a cat, 20 steps"), (key, workflow))));
    }

    [Fact]
    public void Read_TwoThousandDamagedFiles_GivesAPromptOrProblemsEach()
    {
        byte[][] sound =
        [
            .. ((IEnumerable<object[]>)Containers).SelectMany(container =>
                new[]
                {
                    Save((string)container[0], ("workflow", Canvas)),
                    Save((string)container[0], ("workflow", Canvas), ("prompt", Prompt)),
                }
            ),
            Bytes(Prompt),
            Bytes(Canvas),
        ];
        var (read, refused) = (0, 0);
        for (var seed = 0; seed < 2000; seed++)
        {
            var reading = Reader.Read(Damage(sound[seed % sound.Length], new Random(seed)));

            Assert.True(
                reading.IsConverted || reading.Problems.Count > 0,
                $"seed {seed}: neither a prompt nor a problem"
            );
            _ = reading.IsConverted ? read++ : refused++;
        }
        Assert.True(read > 200 && refused > 200, $"{read} read, {refused} refused: the damage is one-sided");
    }

    private static byte[] Damage(byte[] sound, Random random)
    {
        var bytes = sound.ToList();
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Count > 0; changes--)
        {
            var place = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes.RemoveAt(place);
                    break;
                case 1:
                    bytes.Insert(place, (byte)"{}[]\",:0"[random.Next(8)]);
                    break;
                case 2 when random.Next(4) == 0:
                    bytes.RemoveRange(place, bytes.Count - place);
                    break;
                case 3:
                    // Lengths of chunks, blocks and headers: as large as they get.
                    for (var index = place; index < Math.Min(place + 8, bytes.Count); index++)
                    {
                        bytes[index] = 0xFF;
                    }
                    break;
                default:
                    bytes[place] = (byte)random.Next(256);
                    break;
            }
        }
        return [.. bytes];
    }

    private static byte[] Save(string container, params (string Key, string Text)[] texts)
    {
        var frame = new PixelBuffer(4, 4, 3);
        PngText[] entries = [.. texts.Select(text => new PngText(text.Key, text.Text))];
        return container switch
        {
            "png" => PngTextChunks.Insert(ImageEncoder.AnimatedPng([frame], 100, 4, []), entries),
            "animated png" => ImageEncoder.AnimatedPng([frame, frame], 100, 4, entries),
            "webp" => ImageEncoder.WebP([frame, frame], new WebPOptions(80, true, 4, 100) { Texts = entries }),
            _ => Safetensors(texts),
        };
    }

    private static byte[] Safetensors((string Key, string Text)[] texts)
    {
        var metadata = new JObject(texts.Select(text => new JProperty(text.Key, text.Text)));
        var header = Bytes(new JObject { ["__metadata__"] = metadata }.ToString());
        return [.. BitConverter.GetBytes((ulong)header.Length), .. header];
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static void AssertPrompt(WorkflowReading reading)
    {
        Assert.Empty(reading.Problems);
        foreach (var (id, node) in JObject.Parse(Prompt))
        {
            Assert.Equal(node!["class_type"], reading.Prompt![id]!["class_type"]);
            Assert.True(JToken.DeepEquals(node["inputs"], reading.Prompt[id]!["inputs"]), id);
        }
    }

    private sealed class EmptyProvider : IServiceProvider
    {
        public static EmptyProvider Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }
}
