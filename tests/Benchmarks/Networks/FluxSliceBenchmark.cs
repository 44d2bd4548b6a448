using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Tensors;

namespace NodeHost.Benchmarks.Networks;

/// <summary>Flux at full width, with 4 of 19 double and 8 of 38 single blocks: 10 GB of weights.</summary>
internal sealed class FluxSliceBenchmark : ForwardBenchmark
{
    private const int Size = 32;
    private const int Tokens = 256;

    private readonly FluxConfig _config = FluxConfig.Dev with { DoubleBlocks = 4, SingleBlocks = 8 };

    public override string Name => "flux_slice_full";

    public override string Description => "Flux at full width, 4 + 8 blocks, random float32 weights, 256 + 256 tokens";

    // ComfyUI 0.3.64: 10.133 s; the matmul rate of that run was 140.6 before and 244.6 GFLOP/s after.
    protected override double ReferenceWork => 10.133 * 244.6;

    protected override ShapePlan MakePlan() => new FluxShapes(_config, Size * Size / 4, Tokens);

    protected override IDiffusionNetwork MakeNetwork(Weights w) => new FluxModel(w, _config);

    protected override (Tensor X, Tensor Timesteps, NetworkInput Input) MakeInput()
    {
        using var generator = new Generator(2);
        return (
            Tensor.Randn([1, _config.InputChannels, Size, Size], generator),
            Tensor.Full([1], 0.5),
            new NetworkInput
            {
                Context = Tensor.Randn([1, Tokens, _config.ContextWidth], generator),
                Pooled = Tensor.Randn([1, _config.VectorWidth], generator),
                Guidance = Tensor.Full([1], 3.5),
            }
        );
    }
}
