using Newtonsoft.Json.Linq;
using NodeHost.Images;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.EndToEnd;

[AssertNoLeakedTensors]
public sealed class GoldenPictureTests
{
    [GoldenFact]
    public Task ImageCompose_AllFiles_HaveComfyUisPixels() => CompareAsync("image_compose");

    [GoldenFact]
    public Task ImageOperations_AllFiles_HaveComfyUisPixels() => CompareAsync("image_ops_a");

    [GoldenFact]
    public Task ImageScale_AllFiles_HaveComfyUisPixels() => CompareAsync("image_scale");

    [GoldenFact]
    public Task MaskOperations_AllFiles_HaveComfyUisPixels() => CompareAsync("mask_ops");

    [GoldenFact]
    public Task UiNodes_AllFilesAndTexts_AreComfyUis() => CompareAsync("exec_ui_nodes");

    private static async Task CompareAsync(string name)
    {
        var folder = Golden.PathOf($"public/e2e/{name}");
        using var runner = new GraphRunner(Golden.PathOf("input"));
        var result = await runner.RunAsync(File.ReadAllText(Path.Combine(folder, "prompt.json")));

        var expected = JArray.Parse(File.ReadAllText(Path.Combine(folder, "files.json")));
        var differences = new List<string>();
        foreach (var node in expected.GroupBy(entry => (string)entry["node"]!))
        {
            var actual = runner.Files(result, node.Key).ToArray();
            Assert.Equal(node.Count(), actual.Length);
            differences.AddRange(
                node.Zip(actual, (entry, path) => Difference(Path.Combine(folder, (string)entry["file"]!), path))
                    .OfType<string>()
            );
        }

        Assert.Empty(differences);
        CompareTexts(folder, result.ToHistoryEntry(0));
    }

    private static void CompareTexts(string folder, JObject history)
    {
        var expected = GraphRunner.ReadJson(Path.Combine(folder, "history.json")).Properties().Single().Value;
        foreach (var node in ((JObject)expected["outputs"]!).Properties().Where(node => node.Value["text"] is not null))
        {
            Assert.Equal(
                node.Value["text"]!.Values<string>(),
                history["outputs"]![node.Name]!["text"]!.Values<string>()
            );
        }
    }

    // One level on a thousandth of the values is what rounding may do; see the golden README.
    private static string? Difference(string expectedPath, string actualPath)
    {
        var expected = ImageDecoder.DecodeFile(expectedPath).Frames[0];
        var actual = ImageDecoder.DecodeFile(actualPath).Frames[0];
        if ((expected.Width, expected.Height, expected.Channels) != (actual.Width, actual.Height, actual.Channels))
        {
            return $"{Path.GetFileName(expectedPath)}: {actual.Width}x{actual.Height}x{actual.Channels}";
        }

        var errors = expected.Data.Zip(actual.Data, (a, b) => Math.Abs(a - b)).ToArray();
        var (largest, share) = (errors.Max(), errors.Count(error => error > 0) / (double)errors.Length);
        return largest <= 1 && share <= 0.001
            ? null
            : $"{Path.GetFileName(expectedPath)}: up to {largest} levels, {share:P2} of the values";
    }
}
