using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Blocks;

/// <summary>Deep shrink inside the tiny SD1.5 that ships with NodeHost.</summary>
[AssertNoLeakedTensors]
public sealed class DeepShrinkTests
{
    private const long ContextWidth = 16;
    private static readonly DiscreteModelSampling Sampling = new(new EpsPrediction());

    [Theory]
    [InlineData(true, 12, 6)] // The skip connection of block 3 stays large.
    [InlineData(false, 6, 6)]
    public void Forward_ShrunkBlock_HasASmallMapBehindIt(bool keepsSkip, int skipSide, int behind)
    {
        var recorder = new Recorder();
        Forward(sigma: 10, new DeepShrink(3, 2, 0, 0.35, keepsSkip, "bicubic", "bislerp"), recorder);

        // Block 3 halves 24 to 12; the block behind it sees what was shrunk.
        Assert.Equal(skipSide, recorder.Skips[3]);
        Assert.Equal(behind, recorder.Skips[4]);
        Assert.Equal(24, recorder.Skips[2]);
    }

    [Fact]
    public void Forward_OutsideItsPart_ChangesNoBit()
    {
        var plain = Forward(sigma: 0.5);

        Assert.Equal(plain, Forward(sigma: 0.5, new DeepShrink(3, 2, 0, 0.35, true, "bicubic", "bicubic")));
        Assert.Equal(plain, Forward(sigma: 0.5, new DeepShrink(3, 1, 0, 1, true, "bicubic", "bicubic")));
        Assert.NotEqual(plain, Forward(sigma: 0.5, new DeepShrink(3, 2, 0, 1, true, "bicubic", "bicubic")));
    }

    [Fact]
    public void OnInput_Area_AveragesSquares()
    {
        using var scope = new TensorScope();
        var map = Tensor.From([1f, 3, 5, 7, 2, 4, 6, 8], 1, 1, 2, 4);
        var call = new FeatureCall(new("input", 1, 12, ""), 32, new ForwardStep { Sigma = 1, Sampling = Sampling });

        var shrunk = new DeepShrink(1, 2, 0, 1, keepsSkip: false, "area", "nearest-exact");

        Assert.Equal([2.5f, 6.5f], shrunk.OnInput(call, map).ToArray<float>());
        Assert.Equal(
            [2.5f, 2.5f, 6.5f, 6.5f, 2.5f, 2.5f, 6.5f, 6.5f],
            shrunk.OnJoin(call, shrunk.OnInput(call, map), map).Hidden.ToArray<float>()
        );
    }

    private static float[] Forward(double sigma, params IBlockHook[] hooks)
    {
        using var store = new ModelStore(new ModelStoreOptions { Tokenizers = new TokenizerLocator([]) });
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        using var generator = new Generator(1);
        var model = store.LoadCheckpoint(Repository.Model("checkpoints/nodehost-tiny-sd15.safetensors")).Model;
        var network = model.Source.Load([]);
        var step = new ForwardStep { Sigma = sigma, Sampling = Sampling };
        using var active = new BlockHooks(hooks, step, 24, 24).Activate();
        var context = Tensor.Randn([1, 5, ContextWidth], generator);
        return network
            .Forward(
                Tensor.Randn([1, 4, 24, 24], generator),
                Tensor.Full([1], 500.0),
                new NetworkInput { Context = context }
            )
            .ToArray<float>();
    }

    private sealed class Recorder : IFeatureHook
    {
        public Dictionary<int, long> Skips { get; } = [];

        public Tensor OnInput(in FeatureCall call, Tensor hidden)
        {
            Skips[call.Site.BlockIndex] = hidden.Length(2);
            return hidden;
        }
    }
}
