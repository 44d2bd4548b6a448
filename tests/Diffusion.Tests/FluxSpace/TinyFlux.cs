using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Networks;

namespace NodeHost.Tests.Diffusion.FluxSpace;

/// <summary>A Flux of random weights with a few prompts, and runs of it: quick enough to compare many of them bit for bit.</summary>
internal sealed class TinyFlux : INetworkSource, IForwardObserver, IDisposable
{
    public const int Sites = 5;
    private const int TextLength = 5;

    private static readonly FluxConfig Config = FluxConfig.Tiny with { DoubleBlocks = 2, SingleBlocks = 3 };

    private readonly RandomWeights _source = RandomWeights.Of(FluxWeights.Shapes(Config));
    private readonly WeightSet _weights;
    private readonly FluxModel _network;
    private readonly List<Tensor> _owned = [];

    public TinyFlux()
    {
        _weights = new WeightSet(_source);
        _network = new FluxModel(_weights.Root, Config);
        Model = new DiffusionModel
        {
            Source = this,
            Sampling = new FluxModelSampling(),
            LatentFormat = LatentFormat.Flux,
            Observer = this,
        };
        (Base, A, B, C, D) = (Prompt(1), Prompt(2), Prompt(3), Prompt(4), Prompt(5));
        (AgainA, Long) = (Prompt(2), Prompt(9, TextLength + 2));
    }

    public DiffusionModel Model { get; }

    public Conditioning Base { get; }

    public Conditioning A { get; }

    public Conditioning B { get; }

    public Conditioning C { get; }

    public Conditioning D { get; }

    /// <summary>Equal to <see cref="A"/>, in tensors of its own.</summary>
    public Conditioning AgainA { get; }

    /// <summary>Two tokens longer than the others.</summary>
    public Conditioning Long { get; }

    public string Name => "tiny flux";

    public IReadOnlyList<WeightTarget> Targets => [new(ModelRole.Diffusion, "Flux", _source.Entries)];

    /// <summary>Modes of all forward passes of the last run.</summary>
    public List<string> Modes { get; } = [];

    /// <summary>All forward passes of the last run.</summary>
    public List<ForwardRecord> Forwards { get; } = [];

    /// <summary>How often the network really ran in the last run, in whole or in part.</summary>
    public int NetworkCalls { get; private set; }

    public List<string> Warnings { get; } = [];

    /// <summary>The weights, to compare before and after.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _source.Tensors;

    public IDiffusionNetwork Load(IReadOnlyList<WeightPatch> patches) => new CountingNetwork(this);

    public void Observe(ForwardRecord forward)
    {
        Modes.Add(forward.Mode);
        Forwards.Add(forward);
    }

    private Conditioning Prompt(int seed, int length = TextLength)
    {
        using var untracked = TensorScope.Suspend();
        using var generator = new Generator((ulong)seed);
        var context = Tensor.Randn([1, length, Config.ContextWidth], generator);
        var pooled = Tensor.Randn([1, Config.VectorWidth], generator);
        _owned.AddRange([context, pooled]);
        return new([new() { Context = context, Pooled = pooled }]);
    }

    public DiffusionModel Edited(params EditSlot[] slots) => Edited(new EditWindow(0.15, 1), slots);

    public DiffusionModel Edited(EditWindow window, params EditSlot[] slots) =>
        new FluxSpaceEditor
        {
            Name = "Edit",
            Slots = slots,
            Window = window,
        }.ApplyTo(Model);

    public static EditSlot Slot(Conditioning a, Conditioning b, double scale, double mixB = 0.5, int number = 1) =>
        new(number, a, b, scale, mixB);

    /// <summary>The final latent.</summary>
    public float[] Sample(
        DiffusionModel model,
        int steps = 4,
        double cfg = 1,
        int batch = 1,
        string sampler = "euler",
        string scheduler = "simple",
        Conditioning? positive = null
    )
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        Modes.Clear();
        Forwards.Clear();
        Warnings.Clear();
        NetworkCalls = 0;
        using var generator = new Generator(7);
        var algorithm = SamplerCatalogue.Get(sampler);
        var result = new SamplingRequest
        {
            Guider = new CfgGuider(model, positive ?? Base, D, cfg),
            Sampler = algorithm,
            Sigmas = ScheduleCatalogue.Compute(
                ScheduleCatalogue.Get(scheduler),
                model.Sampling,
                steps,
                1,
                algorithm.DropsPenultimateSigma
            ),
            Noise = Tensor.Randn([batch, 16, 4, 6], generator),
            Latent = Tensor.Zeros([batch, 16, 4, 6]),
            Seed = 7,
            Warn = Warnings.Add,
        }.Run();
        return result.Latent.ToArray<float>();
    }

    public void Dispose()
    {
        foreach (var tensor in _owned)
        {
            tensor.Dispose();
        }
        _weights.Dispose();
        _source.Dispose();
    }

    private sealed class CountingNetwork(TinyFlux owner) : IDiffusionNetwork
    {
        public int LatentChannels => owner._network.LatentChannels;

        public int InputChannels => owner._network.InputChannels;

        public Tensor Forward(Tensor x, Tensor timesteps, NetworkInput input)
        {
            owner.NetworkCalls++;
            return owner._network.Forward(x, timesteps, input);
        }
    }
}
