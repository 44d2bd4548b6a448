using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Tensors;

namespace NodeHost.Benchmarks.Networks;

/// <summary>
/// A step that is edited in two slots against as many plain passes, and what edits need beside a plain step's memory, on
/// Flux at full width with 2 + 4 blocks.
/// </summary>
internal sealed class FluxEditBenchmark : IBenchmark
{
    private const int Size = 32;
    private const int Tokens = 256;
    private const int Runs = 2;
    private const float Sigma = 0.5f;

    // Weights, and room for what passes through the network.
    private const double MemoryReserve = 1.3;

    private readonly FluxConfig _config = FluxConfig.Dev with { DoubleBlocks = 2, SingleBlocks = 4 };

    public string Name => "flux_edit";

    public string Description =>
        "an edited step of two slots, three different prompts, over as many plain passes; memory of 1, 2 and 4 slots";

    public IEnumerable<Measurement> Run()
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        var plan = new FluxShapes(_config, Size * Size / 4, Tokens);
        var needed = plan.ParameterCount * sizeof(float) * MemoryReserve;
        if (needed > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        {
            yield return new Measurement("left out, needs memory of", needed / 1e9, "GB");
            yield break;
        }
        using var weights = new WeightSet(new RandomSource(plan));
        var network = new FluxModel(weights.Root, _config);
        using var generator = new Generator(2);
        var (start, a, b, c) = (Prompt(generator), Prompt(generator), Prompt(generator), Prompt(generator));
        var x = Tensor.Randn([1, _config.InputChannels, Size, Size], generator);
        var input = new NetworkInput
        {
            Context = start.Context,
            Pooled = start.Pooled,
            Guidance = Tensor.Full([1], 3.5),
        };
        var model = new DiffusionModel
        {
            Source = new Given(network),
            Sampling = new FluxModelSampling(),
            LatentFormat = LatentFormat.Flux,
        };
        var edited = new FluxSpaceEditor
        {
            Name = "benchmark",
            // Both slots share their first prompt, which runs once.
            Slots = [new EditSlot(1, new([a]), new([b]), 0.5, 0.5), new EditSlot(2, new([a]), new([c]), 0.25, 0.5)],
        }.ApplyTo(model);
        const int uniquePasses = 4;

        var plain = Timing.Of(() => Step(model), Runs).Best;
        var whole = Timing.Of(() => Step(edited), Runs).Best;
        yield return new Measurement("plain step, best", plain, "s");
        yield return new Measurement("edited step, best", whole, "s")
        {
            Against = "5 passes as they are counted, 4 that differ",
        };
        yield return new Measurement("edited step over different passes", whole / (uniquePasses * plain), "x")
        {
            Against = "aim at most 1.02",
        };

        var pairs = new FluxSpaceEditor { Name = "benchmark", Slots = [new EditSlot(1, new([a]), new([b]), 0.5, 0.5)] };
        foreach (var atOnce in (int[])[1, 2])
        {
            var paired = (pairs with { PromptsAtOnce = atOnce }).ApplyTo(model);
            yield return new Measurement(
                $"a pair's step, {atOnce} prompts at once",
                Timing.Of(() => Step(paired), Runs).Best,
                "s"
            );
        }

        if (PeakMemory.Extra(() => Step(model)) is not { } plainBytes)
        {
            yield break;
        }
        yield return new Measurement("plain step, memory beside weights", plainBytes / 1e6, "MB");
        foreach (var slots in (int[])[1, 2, 4])
        {
            var prompts = Enumerable.Range(0, 2 * slots).Select(_ => Prompt(generator)).ToArray();
            var several = new FluxSpaceEditor
            {
                Name = "benchmark",
                Slots =
                [
                    .. Enumerable
                        .Range(0, slots)
                        .Select(slot => new EditSlot(
                            slot + 1,
                            new([prompts[2 * slot]]),
                            new([prompts[(2 * slot) + 1]]),
                            0.25,
                            0.5
                        )),
                ],
            }.ApplyTo(model);
            yield return new Measurement(
                $"{slots} slots, more than plain",
                (PeakMemory.Extra(() => Step(several))!.Value - plainBytes) / 1e6,
                "MB"
            )
            {
                Against = slots == 1 ? "a sum for each site" : "independent of the number of slots",
            };
        }

        void Step(DiffusionModel used)
        {
            using var step = new TensorScope();
            NetworkDenoiser.Denoise(used, network, x, Sigma, input, new ForwardStep { Sigma = Sigma });
        }
    }

    private ConditioningEntry Prompt(Generator generator) =>
        new()
        {
            Context = Tensor.Randn([1, Tokens, _config.ContextWidth], generator),
            Pooled = Tensor.Randn([1, _config.VectorWidth], generator),
        };

    private sealed class Given(IDiffusionNetwork network) : INetworkSource
    {
        public string Name => "random";

        public IDiffusionNetwork Load(IReadOnlyList<WeightPatch> patches) => network;
    }
}
