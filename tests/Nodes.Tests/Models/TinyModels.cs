using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.Models;

/// <summary>Short sampling runs with the tiny models that ship with NodeHost.</summary>
internal sealed class TinyModels(Device? device = null) : IDisposable
{
    private const int Tokens = 6;

    private readonly ModelStore _store = new(
        new ModelStoreOptions
        {
            Tokenizers = new TokenizerLocator([Repository.Model("tokenizers")]),
            Device = device ?? Device.Cpu,
        }
    );
    private readonly TensorScope _scope = new();

    /// <summary>Forward passes of the last run.</summary>
    public List<ForwardRecord> Forwards { get; } = [];

    public ModelStore Store => _store;

    public DiffusionModel StableDiffusion =>
        Watched(_store.LoadCheckpoint(Repository.Model("checkpoints/nodehost-tiny-sd15.safetensors")).Model);

    /// <summary>The golden one, whose lowest level has twice the channels.</summary>
    public DiffusionModel WideStableDiffusion =>
        Watched(_store.LoadCheckpoint(Golden.PathOf("models/checkpoints/tiny-sd15.safetensors")).Model);

    public DiffusionModel Flux =>
        Watched(_store.LoadDiffusionModel(Repository.Model("diffusion_models/nodehost-tiny-flux-dev.safetensors")));

    /// <summary>Random text that fits a model.</summary>
    public static Conditioning Prompt(DiffusionModel model, ulong seed)
    {
        using var generator = new Generator(seed);
        var network = model.Source.Targets[0].Weights;
        var isFlux = network.ContainsKey("txt_in.weight");
        var width = isFlux
            ? network["txt_in.weight"].Shape[1]
            : network["input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"].Shape[1];
        var pooled = isFlux ? network["vector_in.in_layer.weight"].Shape[1] : 1;
        return new([
            new()
            {
                Context = Tensor.Randn([1, Tokens, width], generator),
                Pooled = Tensor.Randn([1, pooled], generator),
            },
        ]);
    }

    /// <summary>The latent after a few steps.</summary>
    public float[] Sample(
        DiffusionModel model,
        double cfg = 3,
        int steps = 4,
        int batch = 1,
        string sampler = "euler"
    ) =>
        Sample(
                new CfgGuider(model, Prompt(model, 1), Prompt(model, 2), cfg),
                steps,
                batch,
                SamplerCatalogue.Get(sampler)
            )
            .ToArray<float>();

    public Tensor Sample(IGuider guider, int steps, int batch, ISampler sampler)
    {
        using var noGrad = Autograd.NoGrad();
        Forwards.Clear();
        using var generator = new Generator(7);
        var channels = guider.Model.LatentFormat.Channels;
        return new SamplingRequest
        {
            Guider = guider,
            Sampler = sampler,
            Sigmas = ScheduleCatalogue.Get("normal").Compute(guider.Model.Sampling, steps),
            Noise = Tensor.Randn([batch, channels, 16, 24], generator),
            Latent = Tensor.Zeros([batch, channels, 16, 24]),
            Seed = 7,
        }
            .Run()
            .Latent;
    }

    public void Dispose()
    {
        _scope.Dispose();
        _store.Dispose();
    }

    private DiffusionModel Watched(DiffusionModel model) => model with { Observer = new Watcher(Forwards) };

    private sealed class Watcher(List<ForwardRecord> forwards) : IForwardObserver
    {
        public void Observe(ForwardRecord forward) => forwards.Add(forward);
    }
}
