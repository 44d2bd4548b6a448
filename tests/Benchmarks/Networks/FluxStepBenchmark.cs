using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Diffusion.Sampling.Noise;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Tensors;

namespace NodeHost.Benchmarks.Networks;

/// <summary>A sampling step of a Flux as small as ComfyUI's figure was taken with: 2 + 4 blocks of width 96.</summary>
internal sealed class FluxStepBenchmark : IBenchmark
{
    private const int Few = 10;
    private const int Many = 40;
    private const int Runs = 3;
    private const int Size = 16; // latents of 128x128
    private const int Tokens = 256;

    // ComfyUI 0.3.64, best of tries, beside a matmul rate of up to 248.6 GFLOP/s.
    private const double Reference = 28.78;

    private readonly FluxConfig _config = FluxConfig.Tiny;

    public string Name => "step_flux_tiny";

    public string Description =>
        "Flux of width 96, 128x128, euler, cfg 1: runs of 40 and of 10 steps, the difference by 30";

    public IEnumerable<Measurement> Run()
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        using var weights = new WeightSet(new RandomSource(new FluxShapes(_config, Size * Size / 4, Tokens)));
        var model = new DiffusionModel
        {
            Source = new GivenNetwork(new FluxModel(weights.Root, _config)),
            Sampling = new FluxModelSampling(1.15),
            LatentFormat = LatentFormat.Flux,
        };
        using var generator = new Generator(2);
        var prompt = new ConditioningEntry
        {
            Context = Tensor.Randn([1, Tokens, _config.ContextWidth], generator),
            Pooled = Tensor.Randn([1, _config.VectorWidth], generator),
            Guidance = 3.5,
        };
        var guider = new BasicGuider(model, new Conditioning([prompt]));
        Sample(guider, Few, 0);
        var (few, many, seed) = (double.MaxValue, double.MaxValue, 1UL);
        for (var run = 0; run < Runs; run++)
        {
            few = Math.Min(few, Timing.Of(() => Sample(guider, Few, seed++), 1, warmUp: 0).Best);
            many = Math.Min(many, Timing.Of(() => Sample(guider, Many, seed++), 1, warmUp: 0).Best);
        }
        var step = (many - few) / (Many - Few) * 1e3;
        yield return new Measurement("step", step, "ms")
        {
            Against = $"ComfyUI {Reference} ms, as it stands; here {MatmulBenchmark.Rate():F0} GFLOP/s; aim half",
        };
        yield return new Measurement("against ComfyUI, as it stands", Reference / step, "x");
    }

    private void Sample(BasicGuider guider, int steps, ulong seed)
    {
        using var scope = new TensorScope();
        long[] shape = [1, guider.Model.LatentFormat.Channels, Size, Size];
        var result = new SamplingRequest
        {
            Guider = guider,
            Sampler = SamplerCatalogue.Get("euler"),
            Sigmas = ScheduleCatalogue.Compute(ScheduleCatalogue.Get("simple"), guider.Model.Sampling, steps, 1, false),
            Noise = InitialNoise.Prepare(shape, seed),
            Latent = Tensor.Zeros(shape),
            Seed = seed,
        }.Run();
        if (!result.Latent.IsFinite().All())
        {
            throw new InvalidOperationException($"{Name}: the output is not finite.");
        }
    }

    private sealed class GivenNetwork(IDiffusionNetwork network) : INetworkSource
    {
        public string Name => "random weights";

        public IDiffusionNetwork Load(IReadOnlyList<WeightPatch> patches) => network;
    }
}
