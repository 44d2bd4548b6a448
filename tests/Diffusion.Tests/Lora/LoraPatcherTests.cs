using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Lora;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Tests.Diffusion.Lora;

[AssertNoLeakedTensors]
public sealed class LoraPatcherTests : IDisposable
{
    private const string Layer = "middle_block.1.proj_in";
    private const string Module = "lora_unet_mid_block_attentions_0_proj_in";

    private static readonly WeightTarget Target = new(
        ModelRole.Diffusion,
        "SD1.5",
        new Dictionary<string, WeightInfo> { [$"{Layer}.weight"] = new(DType.Float32, [2, 2]) }
    );

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(".lora_up.weight", ".lora_down.weight")]
    [InlineData(".lora_B.weight", ".lora_A.weight")]
    [InlineData("_lora.up.weight", "_lora.down.weight")]
    [InlineData(".lora.up.weight", ".lora.down.weight")]
    [InlineData(".lora_linear_layer.up.weight", ".lora_linear_layer.down.weight")]
    public void Patch_WithoutAlpha_AddsStrengthTimesProduct(string up, string down)
    {
        using var scope = new TensorScope();
        var lora = Save(
            new() { [Module + up] = Tensor.From([1f, 2], 2, 1), [Module + down] = Tensor.From([10f, 100], 1, 2) }
        );

        var merged = Merge(Tensor.Ones([2, 2]), lora, 0.5);

        Assert.Equal([6f, 51, 11, 101], merged.ToArray<float>());
    }

    [Fact]
    public void Patch_WithAlpha_DividesItByTheRank()
    {
        using var scope = new TensorScope();
        var lora = Save(
            new()
            {
                [$"{Module}.lora_up.weight"] = Tensor.Ones([1, 4]),
                [$"{Module}.lora_down.weight"] = Tensor.Ones([4, 1]),
                [$"{Module}.alpha"] = Tensor.FromScalar(2),
            }
        );

        Assert.Equal(1 + 3 * 4 * 2.0 / 4, Merge(Tensor.Ones([1, 1]), lora, 3).Item());
    }

    [Fact]
    public void Patch_ConvolutionWithCore_ComposesUpCoreDown()
    {
        using var scope = new TensorScope();
        var lora = Save(
            new()
            {
                [$"{Module}.lora_up.weight"] = Tensor.From([1f, 2], 1, 2, 1, 1),
                [$"{Module}.lora_mid.weight"] = Tensor.Arange(0, 8).Reshape(2, 2, 1, 2),
                [$"{Module}.lora_down.weight"] = Tensor.From([1f, 10], 2, 1, 1, 1),
            }
        );

        var merged = Merge(Tensor.Zeros([1, 1, 1, 2]), lora, 1);

        // up . (core[r, :, 0, w] . down): w = 0: (0 + 20) + 2 (4 + 60); w = 1: (1 + 30) + 2 (5 + 70)
        Assert.Equal([148f, 181], merged.ToArray<float>());
    }

    [Fact]
    public void Patch_OneAfterTheOther_AddUpAndLeaveTheGivenWeightAlone()
    {
        using var scope = new TensorScope();
        var lora = SaveRankOne();
        var weight = Tensor.Zeros([1, 1]);

        var merged = Merge(Merge(weight, lora, 1), lora, 0.25);

        Assert.Equal(1.25, merged.Item());
        Assert.Equal(0, weight.Item());
    }

    [Fact]
    public void For_StrengthZeroOrOtherNetwork_IsNothing()
    {
        using var scope = new TensorScope();
        var lora = SaveRankOne();

        Assert.Null(lora.For(Target, 0));
        Assert.Null(lora.For(Target with { Role = ModelRole.Autoencoder }, 1));
        Assert.True(lora.For(Target, 1)!.Patches($"{Layer}.weight"));
        Assert.False(lora.For(Target, 1)!.Patches("out.2.weight"));
    }

    [Fact]
    public void Patch_RowRange_LeavesTheOtherRowsAlone()
    {
        using var scope = new TensorScope();
        var lora = Save(
            new()
            {
                ["transformer.transformer_blocks.0.attn.to_k.lora_B.weight"] = Tensor.Ones([2, 1]),
                ["transformer.transformer_blocks.0.attn.to_k.lora_A.weight"] = Tensor.From([1f, 2], 1, 2),
            }
        );
        const string weight = "double_blocks.0.img_attn.qkv.weight";
        var weights = new Dictionary<string, WeightInfo> { [weight] = new(DType.Float32, [6, 2]) };
        var patcher = lora.For(new WeightTarget(ModelRole.Diffusion, "Flux", weights), 1);

        var merged = patcher!.Patch(weight, Tensor.Zeros([6, 2]));

        Assert.Equal([0f, 0, 0, 0, 1, 2, 1, 2, 0, 0, 0, 0], merged.ToArray<float>());
    }

    [Fact]
    public void Patch_UpdateOfAnotherShape_NamesFileModuleAndBothShapes()
    {
        using var scope = new TensorScope();
        var lora = SaveRankOne();

        var error = Assert.Throws<LoraException>(() => Merge(Tensor.Zeros([3, 2]), lora, 1));

        Assert.Contains(lora.Path, error.Message);
        Assert.Contains(Module, error.Message);
        Assert.Contains("[1, 1]", error.Message);
        Assert.Contains("[3, 2]", error.Message);
    }

    [Fact]
    public void DescribeUnmatched_StrangeKeys_CountsThemWithAnExampleOfBoth()
    {
        using var scope = new TensorScope();
        var lora = Save(
            new()
            {
                ["lora_unet_elsewhere.lora_up.weight"] = Tensor.Ones([1, 1]),
                ["lora_unet_elsewhere.lora_down.weight"] = Tensor.Ones([1, 1]),
                [$"{Module}.lora_up.weight"] = Tensor.Ones([1, 1]),
                [$"{Module}.lora_down.weight"] = Tensor.Ones([1, 1]),
            }
        );

        var text = lora.DescribeUnmatched(Target);

        Assert.Contains("1 of 2", text);
        Assert.Contains("'lora_unet_elsewhere'", text);
        Assert.Contains("'lora_unet_mid_block_attentions_0_proj_in'", text);
        Assert.Null(SaveRankOne().DescribeUnmatched(Target));
    }

    [Fact]
    public void Open_FileWithoutPairs_SaysWhatWasExpected()
    {
        using var scope = new TensorScope();

        var error = Assert.Throws<LoraException>(() => Save(new() { ["x.hada_w1_a"] = Tensor.Ones([1]) }));

        Assert.Contains("lora_up.weight", error.Message);
        Assert.Contains("x.hada_w1_a", error.Message);
    }

    private LoraFile SaveRankOne() =>
        Save(
            new()
            {
                [$"{Module}.lora_up.weight"] = Tensor.Ones([1, 1]),
                [$"{Module}.lora_down.weight"] = Tensor.Ones([1, 1]),
            }
        );

    private LoraFile Save(Dictionary<string, Tensor> tensors)
    {
        var path = _folder.File($"{Guid.NewGuid():N}.safetensors");
        SafetensorsWriter.Save(path, tensors);
        return LoraFile.Open(path);
    }

    private static Tensor Merge(Tensor weight, LoraFile lora, double strength) =>
        lora.For(Target, strength)!.Patch($"{Layer}.weight", weight);
}
