using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.UNet;
using NodeHost.Tensors;

namespace NodeHost.Benchmarks.Networks;

/// <summary>The full-size SD1.5 UNet: one guided step at 256x256.</summary>
internal sealed class UNetBenchmark : ForwardBenchmark
{
    private const int Batch = 2;
    private const int Size = 32;
    private const int Tokens = 77;

    private readonly UNetConfig _config = UNetConfig.Sd15;

    public override string Name => "unet_sd15_full";

    public override string Description => "full-size SD1.5 UNet, random float32 weights, latents 32x32, batch 2";

    // ComfyUI 0.3.64: 3.731 s beside a matmul rate of 248.6 GFLOP/s.
    protected override double ReferenceWork => 3.731 * 248.6;

    protected override ShapePlan MakePlan() => new UNetShapes(_config, Batch, Size, Tokens);

    protected override IDiffusionNetwork MakeNetwork(Weights w) => new UNetModel(w, _config);

    protected override (Tensor X, Tensor Timesteps, NetworkInput Input) MakeInput()
    {
        using var generator = new Generator(2);
        return (
            Tensor.Randn([Batch, _config.InputChannels, Size, Size], generator),
            Tensor.Full([Batch], 500),
            new NetworkInput { Context = Tensor.Randn([Batch, Tokens, _config.ContextWidth], generator) }
        );
    }
}
