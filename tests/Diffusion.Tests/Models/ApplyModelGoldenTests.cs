using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Networks;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Models;

[AssertNoLeakedTensors]
public sealed class ApplyModelGoldenTests
{
    [GoldenFact]
    public void Model_Sd15_DenoisesAsComfyUi()
    {
        Check("tiny-sd15", "apply_model_sd15_0");
        Check("tiny-sd15", "apply_model_sd15_1");
        Check("tiny-sd15-inpainting", "apply_model_sd15_inpaint_0");
    }

    [GoldenFact]
    public void Model_Sd15WithVelocityPrediction_DenoisesAsComfyUi() =>
        Check("tiny-sd15", "apply_model_sd15_vpred_0", new DiscreteModelSampling(new VelocityPrediction()));

    [GoldenFact]
    public void Model_Flux_DenoisesAsComfyUi()
    {
        CheckFlux("tiny-flux-schnell", "apply_model_flux_schnell_0");
        CheckFlux("tiny-flux-fill", "apply_model_flux_fill_0");
    }

    private static void Check(string checkpoint, string name, ModelSampling? sampling = null)
    {
        using var store = GoldenStore.Open();
        Check(store.LoadCheckpoint(GoldenStore.Checkpoint(checkpoint)).Model, name, sampling);
    }

    private static void CheckFlux(string file, string name)
    {
        using var store = GoldenStore.Open();
        Check(store.LoadDiffusionModel(Golden.PathOf($"models/diffusion_models/{file}.safetensors")), name);
    }

    private static void Check(DiffusionModel model, string name, ModelSampling? sampling = null)
    {
        using var golden = new GoldenTensors($"public/forward/{name}.safetensors");
        using var scope = new TensorScope();
        sampling ??= model.Sampling;
        var sigma = golden["sigma"];
        var times = sigma.ToArray<float>().Select(value => (float)sampling.Timestep(value)).ToArray();
        var input = new NetworkInput
        {
            Context = golden["context"],
            Pooled = golden.Contains("y") ? golden["y"] : null,
            Guidance = golden.Contains("guidance") ? golden["guidance"] : null,
            Concat = golden.Contains("c_concat") ? golden["c_concat"] : null,
        };
        var prediction = model
            .Source.Load([])
            .Forward(sampling.CalculateInput(golden["x"], sigma), Tensor.From(times, times.Length), input);
        golden.AssertClose("denoised", sampling.CalculateDenoised(golden["x"], prediction, sigma));
    }
}
