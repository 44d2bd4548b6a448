using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.UNet;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Networks;

[AssertNoLeakedTensors]
public sealed class UNetGoldenTests
{
    [GoldenFact]
    public void UNet_Float32_MatchesComfyUi() => Check("tiny-sd15", "unet_sd15_0", "unet_sd15_1");

    [GoldenFact]
    public void UNet_Float16File_MatchesComfyUi() => Check("tiny-sd15-fp16", "unet_sd15_fp16_0");

    [GoldenFact]
    public void UNet_BFloat16File_MatchesComfyUi() => Check("tiny-sd15-bf16", "unet_sd15_bf16_0");

    [GoldenFact]
    public void UNet_Inpainting_MatchesComfyUi() => Check("tiny-sd15-inpainting", "unet_sd15_inpaint_0");

    private static void Check(string checkpoint, params string[] cases)
    {
        using var scope = new TensorScope();
        using var source = SafetensorsSource.Open(Golden.PathOf($"models/checkpoints/{checkpoint}.safetensors"));
        using var weights = new WeightSet(source, DType.Float32, "model.diffusion_model.");
        var network = new UNetModel(weights.Root, UNetConfig.From(weights.Root));
        Assert.Empty(weights.LeftOver);
        foreach (var name in cases)
        {
            using var golden = new GoldenTensors($"public/forward/{name}.safetensors");
            var output = network.Forward(
                golden["x"],
                golden["timesteps"],
                new NetworkInput { Context = golden["context"] }
            );
            golden.AssertClose("out", output);
        }
    }
}
