using Newtonsoft.Json.Linq;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Nodes.EndToEnd;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.Latents;

/// <summary>Golden case latent_ops with its two encoded pictures loaded from files, so that no autoencoder is needed.</summary>
[AssertNoLeakedTensors]
public sealed class GoldenLatentTests
{
    private const double Tolerance = 1e-4;

    [GoldenFact]
    public async Task LatentOperations_AllFiles_AreComfyUis()
    {
        var folder = Golden.PathOf("public/e2e/latent_ops");
        using var inputs = new TemporaryFolder();
        File.Copy(Saved(folder, "latent_ops_a_00001_"), inputs.File("a.latent"));
        File.Copy(Saved(folder, "latent_ops_b_00001_"), inputs.File("b.latent"));
        var body = JObject.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "prompt.json")));
        var prompt = (JObject)body["prompt"]!;
        prompt["3"] = Load("a.latent");
        prompt["6"] = Load("b.latent");
        // The crop is refused in the golden case too: its height is below the least.
        foreach (var unused in (string[])["1", "2", "4", "5", "33", "34"])
        {
            prompt.Remove(unused);
        }

        using var runner = new GraphRunner(inputs.Path);
        await runner.RunAsync(body.ToString());

        var files = Directory.GetFiles(Path.Combine(runner.Root, "output", "ref"));
        Assert.Equal(23, files.Length);
        Assert.Empty(
            files
                .Select(file => Difference(Saved(folder, Path.GetFileNameWithoutExtension(file)), file))
                .OfType<string>()
        );
    }

    private static string Saved(string folder, string name) => Path.Combine(folder, $"{name}.latent.safetensors");

    private static JObject Load(string name) =>
        new()
        {
            ["class_type"] = "LoadLatent",
            ["inputs"] = new JObject { ["latent"] = name },
        };

    private static string? Difference(string expectedPath, string actualPath)
    {
        using var scope = new TensorScope();
        using var expectedFile = SafetensorsFile.Open(expectedPath);
        using var actualFile = SafetensorsFile.Open(actualPath);
        var name = Path.GetFileName(actualPath);
        if (!actualFile.Entries.Keys.Order().SequenceEqual(expectedFile.Entries.Keys.Order()))
        {
            return $"{name}: keys {string.Join(", ", actualFile.Entries.Keys)}";
        }
        if (!actualFile.Metadata.Keys.SequenceEqual(expectedFile.Metadata.Keys))
        {
            return $"{name}: metadata {string.Join(", ", actualFile.Metadata.Keys)}";
        }
        var expected = expectedFile.Load("latent_tensor");
        var actual = actualFile.Load("latent_tensor");
        if (!actual.Shape.SequenceEqual(expected.Shape))
        {
            return $"{name}: expected {expected}, got {actual}";
        }
        var error = (actual - expected).Abs().Max().Item() / expected.Std().Item();
        return error <= Tolerance ? null : $"{name}: {error:E1} of the standard deviation";
    }
}
