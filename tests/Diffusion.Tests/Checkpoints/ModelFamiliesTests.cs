using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Checkpoints;

public sealed class ModelFamiliesTests
{
    [Theory]
    [InlineData("edm_mean", "Playground v2.5")]
    [InlineData("model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight", "Stable Diffusion 3")]
    [InlineData("lora_unet_mid_block.lora_up.weight", "LoRA adapter")]
    public void Recognise_UnsupportedArchitecture_IsRefusedByName(string key, string name)
    {
        var error = Assert.Throws<UnsupportedModelException>(() => ModelFamilies.Recognise(Source(key)));

        Assert.Contains($"this is {name}, which is not supported", error.Message);
    }

    [Fact]
    public void Recognise_UnknownKeys_NamesSomeOfThem()
    {
        var error = Assert.Throws<UnsupportedModelException>(() => ModelFamilies.Recognise(Source("foo.bar")));

        Assert.Contains("such as foo.bar", error.Message);
        Assert.Contains("SD1.5", error.Message);
    }

    private static ShapeSource Source(string key) =>
        new("file.safetensors", new Dictionary<string, WeightInfo> { [key] = new(DType.Float32, [1]) });
}
