using NodeHost.Graph.Contracts;
using NodeHost.Nodes.ModelAdvanced;

namespace NodeHost.Tests.Nodes.Models;

[AssertNoLeakedTensors]
public sealed class ComputeTypeTests
{
    [Theory]
    [InlineData("default")]
    [InlineData("fp32")]
    [InlineData("fp16")] // Which CPUs cannot compute in.
    public void Sample_TypesThatCpusComputeAnyway_ChangeNoBit(string type)
    {
        using var models = new TinyModels();
        var model = models.StableDiffusion;

        var typed = new ModelComputeDtype { Model = model, Type = type }.Execute(new NodeContext());

        Assert.Equal(models.Sample(model), models.Sample(typed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sample_BFloat16_IsNearFloat32(bool isFlux)
    {
        using var models = new TinyModels();
        var model = isFlux ? models.Flux : models.StableDiffusion;
        var plain = models.Sample(model, cfg: 1, steps: 2);

        var rounded = models.Sample(
            new ModelComputeDtype { Model = model, Type = "bf16" }.Execute(new NodeContext()),
            cfg: 1,
            steps: 2
        );

        Assert.NotEqual(plain, rounded);
        var largest = plain.Max(Math.Abs);
        Assert.All(plain.Zip(rounded), pair => Assert.Equal(pair.First, pair.Second, 0.05f * largest));
    }

    [Fact]
    public void Sample_StableCascadeLevels_Finish()
    {
        using var models = new TinyModels();
        var model = new ModelSamplingStableCascade { Model = models.StableDiffusion }.Execute(new NodeContext());

        Assert.All(models.Sample(model), value => Assert.True(float.IsFinite(value)));
    }
}
