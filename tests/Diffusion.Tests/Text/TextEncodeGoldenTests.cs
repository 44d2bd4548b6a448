using Newtonsoft.Json.Linq;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Models;
using NodeHost.Tests.Diffusion.Networks;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Text;

[AssertNoLeakedTensors]
public sealed class TextEncodeGoldenTests
{
    [GoldenFact]
    public void Clip_Sd15_MatchesComfyUi()
    {
        using var store = GoldenStore.Open();
        using var golden = new GoldenTensors("public/text_encode.safetensors");
        using var scope = new TensorScope();
        var clip = store.LoadCheckpoint(GoldenStore.Checkpoint("tiny-sd15")).Clip!;
        var cases = JObject.Parse(File.ReadAllText(Golden.PathOf("public/text_encode.json")))["cases"]!;
        foreach (var text in cases)
        {
            var prefix = $"sd15.{text["i"]}";
            var encoded = clip.Encode((string)text["prompt"]!);
            golden.AssertClose($"{prefix}.cond", encoded.Cond);
            golden.AssertClose($"{prefix}.pooled", encoded.Pooled!);
            var skipped = (clip with { LastLayer = -2 }).Encode((string)text["prompt"]!);
            golden.AssertClose($"{prefix}.cond_skip2", skipped.Cond);
            golden.AssertClose($"{prefix}.pooled_skip2", skipped.Pooled!);
        }
    }
}
