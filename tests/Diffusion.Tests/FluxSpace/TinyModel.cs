using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.Networks;

namespace NodeHost.Tests.Diffusion.FluxSpace;

/// <summary>A network of random weights with a few prompts, and runs of it: quick enough to compare many of them bit for bit.</summary>
internal abstract class TinyModel : INetworkSource, IForwardObserver, IDisposable
{
    protected const int TextLength = 5;

    private readonly RandomWeights _source;
    private readonly WeightSet _weights;
    private readonly IDiffusionNetwork _network;
    private readonly List<Tensor> _owned = [];
    private readonly (long Context, long? Vector) _widths;

    protected TinyModel(
        RandomWeights source,
        Func<Weights, IDiffusionNetwork> build,
        ModelSampling sampling,
        LatentFormat format,
        (long Context, long? Vector) widths
    )
    {
        _source = source;
        _widths = widths;
        _weights = new WeightSet(source);
        _network = build(_weights.Root);
        Build = build;
        Model = new DiffusionModel
        {
            Source = this,
            Sampling = sampling,
            LatentFormat = format,
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

    public abstract string Name { get; }

    public abstract IReadOnlyList<WeightTarget> Targets { get; }

    /// <summary>Builds the network over other weights.</summary>
    public Func<Weights, IDiffusionNetwork> Build { get; }

    /// <summary>Modes of all forward passes of the last run.</summary>
    public List<string> Modes { get; } = [];

    /// <summary>All forward passes of the last run.</summary>
    public List<ForwardRecord> Forwards { get; } = [];

    /// <summary>How often the network really ran in the last run, in whole or in part.</summary>
    public int NetworkCalls { get; private set; }

    /// <summary>The largest batch of the last run.</summary>
    public long LargestBatch { get; private set; }

    public List<RunWarning> Warnings { get; } = [];

    /// <summary>Texts of the last run.</summary>
    public List<string> Logs { get; } = [];

    /// <summary>Called before every run of the network with its batch size; it may throw.</summary>
    public Action<long>? BeforeCall { get; set; }

    /// <summary>The weights, to compare before and after.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _source.Tensors;

    protected IWeightSource Source => _source;

    public IDiffusionNetwork Load(IReadOnlyList<WeightPatch> patches) => new CountingNetwork(this);

    public void Observe(ForwardRecord forward)
    {
        Modes.Add(forward.Mode);
        Forwards.Add(forward);
    }

    /// <summary>A prompt of random numbers.</summary>
    public Conditioning Prompt(int seed, int length = TextLength)
    {
        using var untracked = TensorScope.Suspend();
        using var generator = new Generator((ulong)seed);
        var context = Tensor.Randn([1, length, _widths.Context], generator);
        _owned.Add(context);
        if (_widths.Vector is not { } width)
        {
            return new([new() { Context = context }]);
        }
        var pooled = Tensor.Randn([1, width], generator);
        _owned.Add(pooled);
        return new([new() { Context = context, Pooled = pooled }]);
    }

    public DiffusionModel Edited(params EditSlot[] slots) => Edited(new EditWindow(0.15, 1), slots);

    public DiffusionModel Edited(EditWindow window, params EditSlot[] slots) =>
        new FluxSpaceEditor
        {
            Name = "Edit",
            NodeId = "12",
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
    ) =>
        Sample(
            model,
            new SampleSettings
            {
                Steps = steps,
                Cfg = cfg,
                Batch = batch,
                Sampler = sampler,
                Scheduler = scheduler,
                Positive = positive,
            }
        );

    /// <summary>The final latent.</summary>
    public float[] Sample(DiffusionModel model, SampleSettings settings)
    {
        using var scope = new TensorScope();
        using var noGrad = Autograd.NoGrad();
        Modes.Clear();
        Forwards.Clear();
        Warnings.Clear();
        Logs.Clear();
        NetworkCalls = 0;
        LargestBatch = 0;
        using var generator = new Generator(7);
        var algorithm = SamplerCatalogue.Get(settings.Sampler);
        var sigmas = ScheduleCatalogue.Compute(
            ScheduleCatalogue.Get(settings.Scheduler),
            model.Sampling,
            settings.Steps,
            settings.Denoise,
            algorithm.DropsPenultimateSigma
        );
        var shape = new long[] { settings.Batch, model.LatentFormat.Channels, LatentSize.Height, LatentSize.Width };
        var noise = Tensor.Randn(shape, generator);
        var isWhole = settings.StartAt == 0 && settings.Denoise == 1 && settings.NoiseMask is null;
        var result = new SamplingRequest
        {
            Guider = new CfgGuider(model, settings.Positive ?? Base, settings.Negative ?? D, settings.Cfg),
            Sampler = algorithm,
            Sigmas = sigmas[settings.StartAt..],
            Noise = noise,
            Latent = isWhole ? Tensor.Zeros(shape) : Tensor.Randn(shape, generator),
            NoiseMask = settings.NoiseMask,
            Seed = 7,
            Warn = Warnings.Add,
            Log = Logs.Add,
        }.Run();
        return result.Latent.ToArray<float>();
    }

    public virtual void Dispose()
    {
        foreach (var tensor in _owned)
        {
            tensor.Dispose();
        }
        _weights.Dispose();
        _source.Dispose();
    }

    protected abstract (long Height, long Width) LatentSize { get; }

    private sealed class CountingNetwork(TinyModel owner) : IDiffusionNetwork
    {
        public int LatentChannels => owner._network.LatentChannels;

        public int InputChannels => owner._network.InputChannels;

        public bool AllowsRepeatedContext => owner._network.AllowsRepeatedContext;

        public Tensor Forward(Tensor x, Tensor timesteps, NetworkInput input)
        {
            owner.BeforeCall?.Invoke(x.Length(0));
            owner.NetworkCalls++;
            owner.LargestBatch = Math.Max(owner.LargestBatch, x.Length(0));
            return owner._network.Forward(x, timesteps, input);
        }
    }
}
