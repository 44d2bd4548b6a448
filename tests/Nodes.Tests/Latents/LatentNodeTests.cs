using NodeHost.Diffusion.Latents;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Latents;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Tests.Nodes.Latents;

[AssertNoLeakedTensors]
public sealed class LatentNodeTests
{
    private static readonly NodeContext Context = new();

    [Fact]
    public void EmptyLatentImage_SizeInPixels_IsAnEighthInElements()
    {
        using var scope = new TensorScope();
        var node = new EmptyLatentImage
        {
            Width = 64,
            Height = 96,
            BatchSize = 2,
        };

        Assert.Equal([2L, 4, 12, 8], node.Execute(Context).Samples.Shape.ToArray());
        Assert.Equal(16, new EmptySd3LatentImage().Execute(Context).Samples.Length(1));
    }

    [Theory]
    [InlineData(0, 0, 10, 20)]
    [InlineData(0, 160, 20, 40)]
    [InlineData(80, 0, 8, 10)] // the height would be 40 pixels, the least is 64
    [InlineData(8, 8, 8, 8)]
    public void LatentUpscale_SideOfZero_FollowsFromTheOther(int width, int height, long newHeight, long newWidth)
    {
        using var scope = new TensorScope();
        var latent = new Latent(Tensor.Ones([1, 4, 10, 20])) { BatchIndex = [3] };
        var node = new LatentUpscale
        {
            Samples = latent,
            Width = width,
            Height = height,
        };

        var resized = node.Execute(Context);

        Assert.Equal([1L, 4, newHeight, newWidth], resized.Samples.Shape.ToArray());
        Assert.Equal([3L], resized.BatchIndex);
    }

    [Fact]
    public void Bislerp_UnitVectors_TurnWithoutShrinking()
    {
        using var scope = new TensorScope();
        var samples = Tensor.From([1f, 0, 0, 1], 1, 2, 1, 2); // (1, 0) and (0, 1)

        var resized = Bislerp.Resize(samples, 4, 1);

        Assert.Equal([1f, 1, 1, 1], resized.Norm([1]).ToArray<float>().Select(length => MathF.Round(length, 5)));
        Assert.Equal(MathF.Cos(MathF.PI / 8), resized.ToArray<float>()[1], 1e-5f);
    }

    [Fact]
    public void LatentCrop_BeyondTheEdge_KeepsEightElements()
    {
        using var scope = new TensorScope();
        var node = new LatentCrop
        {
            Samples = new Latent(Tensor.Ones([1, 4, 16, 16])),
            X = 16384,
            Y = 8,
        };

        Assert.Equal([1L, 4, 15, 8], node.Execute(Context).Samples.Shape.ToArray());
    }

    [Fact]
    public void LatentComposite_Feather_FadesInnerEdgesOnly()
    {
        using var scope = new TensorScope();
        var node = new LatentComposite
        {
            SamplesTo = new Latent(Tensor.Zeros([1, 1, 4, 4])),
            SamplesFrom = new Latent(Tensor.Ones([1, 1, 4, 4])),
            X = 16,
            Feather = 16,
        };

        var row = node.Execute(Context).Samples.Select(2, 0).ToArray<float>();

        Assert.Equal([0f, 0, 0.5f, 1], row);
    }

    [Fact]
    public void LatentFromBatch_RangeOfBatch_KeepsNoiseAndMasks()
    {
        using var scope = new TensorScope();
        var node = new LatentFromBatch
        {
            Samples = new Latent(Values(4)) { NoiseMask = Values(2) },
            BatchIndex = 1,
            Length = 60,
        };

        var taken = node.Execute(Context);

        Assert.Equal([1f, 2, 3], taken.Samples.ToArray<float>());
        Assert.Equal([1f, 0, 1], taken.NoiseMask!.ToArray<float>());
        Assert.Equal([1L, 2, 3], taken.BatchIndex);
    }

    [Fact]
    public void RepeatLatentBatch_WithBatchIndex_ContinuesTheSequence()
    {
        using var scope = new TensorScope();
        var node = new RepeatLatentBatch
        {
            Samples = new Latent(Values(2)) { BatchIndex = [4, 5] },
            Amount = 3,
        };

        var repeated = node.Execute(Context);

        Assert.Equal([0f, 1, 0, 1, 0, 1], repeated.Samples.ToArray<float>());
        Assert.Equal([4L, 5, 6, 7, 8, 9], repeated.BatchIndex);
    }

    [Fact]
    public void RebatchLatents_TwoSizes_BeginsANewBatchAtEachSize()
    {
        using var scope = new TensorScope();
        var node = new RebatchLatents
        {
            Latents = [new Latent(Values(3)), new Latent(Values(2)), new Latent(Tensor.Ones([1, 1, 2, 2]))],
            BatchSize = [2],
        };

        var batches = node.Execute(Context);

        Assert.Equal([2L, 2, 1, 1], batches.Select(batch => batch.Samples.Length(0)));
        Assert.Equal([2L, 3], batches[1].BatchIndex);
        Assert.All(batches, batch => Assert.Null(batch.NoiseMask));
    }

    [Fact]
    public void LatentConcat_MinusAxis_PutsTheSecondFirst()
    {
        using var scope = new TensorScope();
        var node = new LatentConcat
        {
            Samples1 = new Latent(Tensor.Zeros([2, 1, 1, 1])),
            Samples2 = new Latent(Tensor.Ones([1, 1, 1, 1])),
            Dim = "-x",
        };

        Assert.Equal([1f, 0, 1, 0], node.Execute(Context).Samples.ToArray<float>());
    }

    [Fact]
    public void LatentConcat_DifferentChannels_FailsWithTorchsWords()
    {
        using var scope = new TensorScope();
        var node = new LatentConcat
        {
            Samples1 = new Latent(Tensor.Zeros([1, 4, 8, 8])),
            Samples2 = new Latent(Tensor.Zeros([1, 16, 8, 8])),
        };

        var error = Assert.Throws<TensorException>(() => node.Execute(Context));

        Assert.Contains("Sizes of tensors must match except in dimension 3", error.Message);
        Assert.Contains("[1, 4, 8, 8] f32 cpu, [1, 16, 8, 8] f32 cpu", error.Message);
    }

    [Theory]
    [InlineData(2, 2, new[] { 2f, 3 })]
    [InlineData(-2, 9, new[] { 3f, 4 })]
    [InlineData(99, 9, new[] { 4f })]
    [InlineData(-99, 1, new[] { 0f })]
    public void LatentCut_IndexAndAmount_AreKeptWithinTheLatent(int index, int amount, float[] expected)
    {
        using var scope = new TensorScope();
        var node = new LatentCut
        {
            Samples = new Latent(Tensor.Arange(0, 5).Reshape(1, 1, 1, 5)),
            Index = index,
            Amount = amount,
        };

        Assert.Equal(expected, node.Execute(Context).Samples.ToArray<float>());
    }

    [Fact]
    public void LatentBatchSeedBehavior_FixedThenRandom_RepeatsThenForgetsTheIndex()
    {
        using var scope = new TensorScope();
        var batch = new Latent(Values(3)) { BatchIndex = [7, 8, 9] };

        var same = new LatentBatchSeedBehavior { Samples = batch }.Execute(Context);
        var random = new LatentBatchSeedBehavior { Samples = batch, SeedBehavior = "random" }.Execute(Context);

        Assert.Equal([7L, 7, 7], same.BatchIndex);
        Assert.Null(random.BatchIndex);
    }

    [Fact]
    public void LatentInterpolate_Halfway_KeepsTheLength()
    {
        using var scope = new TensorScope();
        var node = new LatentInterpolate
        {
            Samples1 = new Latent(Tensor.From([2f, 0], 1, 2, 1, 1)),
            Samples2 = new Latent(Tensor.From([0f, 4], 1, 2, 1, 1)),
            Ratio = 0.5,
        };

        Assert.Equal(3, node.Execute(Context).Samples.Norm([1]).Item(), 1e-5);
    }

    [Fact]
    public void LatentOperations_OnConstantLatent_KeepItsDirection()
    {
        using var scope = new TensorScope();
        var latent = Tensor.From([3f, 4], 1, 2, 1, 1).Expand(1, 2, 40, 40).Contiguous();

        var sharpened = new LatentOperationSharpen().Execute(Context).Apply(latent);
        var toned = new LatentOperationTonemapReinhard().Execute(Context).Apply(latent);

        Assert.Equal(0, (sharpened - latent).Abs().Max().Item(), 1e-3);
        Assert.Equal(2.5, toned.Norm([1]).Mean().Item(), 1e-3);
        Assert.Equal(0.75, (toned.Select(1, 0) / toned.Select(1, 1)).Mean().Item(), 1e-5);
    }

    private static Tensor Values(int count) => Tensor.Arange(0, count).Reshape(count, 1, 1, 1);
}
