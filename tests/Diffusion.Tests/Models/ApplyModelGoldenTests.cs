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

    private static void Check(string checkpoint, string name, ModelSampling? sampling = null)
    {
        using var store = GoldenStore.Open();
        using var golden = new GoldenTensors($"public/forward/{name}.safetensors");
        using var scope = new TensorScope();
        var model = store.LoadCheckpoint(GoldenStore.Checkpoint(checkpoint)).Model!;
        sampling ??= model.Sampling;
        var sigma = golden["sigma"];
        var times = sigma.ToArray<float>().Select(value => (float)sampling.Timestep(value)).ToArray();
        var input = new NetworkInput
        {
            Context = golden["context"],
            Concat = golden.Contains("c_concat") ? golden["c_concat"] : null,
        };
        var prediction = model
            .Source.Load([])
            .Forward(sampling.CalculateInput(golden["x"], sigma), Tensor.From(times, times.Length), input);
        golden.AssertClose("denoised", sampling.CalculateDenoised(golden["x"], prediction, sigma));
    }
}
