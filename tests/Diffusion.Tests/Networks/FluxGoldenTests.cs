using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Networks;

[AssertNoLeakedTensors]
public sealed class FluxGoldenTests
{
    [GoldenFact]
    public void Flux_Dev_MatchesComfyUi() => Check("tiny-flux-dev", "flux_0", "flux_1");

    [GoldenFact]
    public void Flux_Schnell_MatchesComfyUi() => Check("tiny-flux-schnell", "flux_schnell_0");

    [GoldenFact]
    public void Flux_Fill_MatchesComfyUi() => Check("tiny-flux-fill", "flux_fill_0");

    [GoldenFact]
    public void Flux_PrefixedFloat16File_MatchesComfyUi() =>
        CheckAs("tiny-flux-prefixed", "model.diffusion_model.", "offset", "flux_prefixed_0");

    [GoldenFact]
    public void Flux_ReferencesByOffset_MatchesComfyUi() => Check("tiny-flux-dev", "flux_kontext_0", "flux_kontext_1");

    [GoldenFact]
    public void Flux_ReferencesByIndex_MatchesComfyUi() => CheckAs("tiny-flux-dev", "", "index", "flux_kontext_2");

    private static void Check(string model, params string[] cases) => CheckAs(model, "", "offset", cases);

    private static void CheckAs(string model, string prefix, string method, params string[] cases)
    {
        using var scope = new TensorScope();
        using var source = SafetensorsSource.Open(Golden.PathOf($"models/diffusion_models/{model}.safetensors"));
        using var weights = new WeightSet(source, DType.Float32, prefix);
        var network = new FluxModel(weights.Root, FluxConfig.From(weights.Root));
        Assert.Empty(weights.LeftOver);
        foreach (var name in cases)
        {
            using var golden = new GoldenTensors($"public/forward/{name}.safetensors");
            var input = new NetworkInput
            {
                Context = golden["context"],
                Pooled = golden["y"],
                Guidance = golden.Contains("guidance") ? golden["guidance"] : null,
                ReferenceLatents = [.. References(golden)],
                ReferenceMethod = method,
            };
            golden.AssertClose("out", network.Forward(golden["x"], golden["timesteps"], input));
        }
    }

    private static IEnumerable<Tensor> References(GoldenTensors golden)
    {
        for (var index = 0; golden.Contains($"ref.{index}"); index++)
        {
            yield return golden[$"ref.{index}"];
        }
    }
}
