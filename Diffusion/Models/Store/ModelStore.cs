using System.Collections.Concurrent;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Networks.Autoencoder;
using NodeHost.Diffusion.Networks.Clip;
using NodeHost.Diffusion.Networks.T5;
using NodeHost.Diffusion.Networks.Upscaling;
using NodeHost.Diffusion.Text;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>Opens model files, gives handles on their networks, and decides which networks stay in memory. Thread-safe.</summary>
public sealed class ModelStore : IDisposable
{
    private readonly CheckpointFiles _files = new();
    private readonly NetworkCache _networks;
    private readonly Lazy<NetworkCache> _hostNetworks;
    private readonly EmbeddingFolder _embeddings;
    private readonly PromptTokenizers _tokenizers;
    private readonly LoraFiles _loras = new();
    private readonly IForwardObserver? _observer;
    private readonly ConcurrentDictionary<IReadOnlyList<ModelPart>, CheckpointDifference> _differences = new();
    private readonly ConcurrentDictionary<(DiffusionPart Part, DType Format), DiffusionPart> _rounded = new();

    public ModelStore(ModelStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Device = options.Device ?? TorchRuntime.BestDevice;
        _networks = OpenCache(Device, options);
        // Text encoders may be asked for on the CPU; their weights count against its own memory then.
        _hostNetworks = new(() =>
            Device.IsCpu ? _networks : OpenCache(Device.Cpu, options with { BudgetBytes = null })
        );
        _embeddings = new(options.EmbeddingFolders);
        _tokenizers = new(options.Tokenizers);
        _observer = options.Observer;
    }

    /// <summary>Where networks compute.</summary>
    public Device Device { get; }

    /// <summary>Bytes of weights that are on the device now, mapped ones included.</summary>
    public long ResidentBytes => _networks.ResidentBytes;

    /// <summary>Everything a checkpoint file holds.</summary>
    /// <exception cref="UnsupportedModelException">It holds no diffusion model that is supported.</exception>
    /// <exception cref="WeightException">A part of it is incomplete.</exception>
    public LoadedCheckpoint LoadCheckpoint(string path)
    {
        var model = Find<DiffusionPart>(path, "diffusion model");
        var parts = _files.Recognise(path);
        var encoders = parts.OfType<TextEncoderPart>().ToArray();
        var vae = parts.OfType<AutoencoderPart>().FirstOrDefault();
        return new(
            Handle(model),
            encoders.Length == 0 ? null : Handle([.. encoders.Select(encoder => (encoder, path))]),
            vae is null ? null : Handle(vae),
            _files.Audit(path).LeftOverWarning
        );
    }

    /// <summary>The denoising network of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="roundedTo">A float8 type its weights are rounded to; null leaves them as they are.</param>
    public DiffusionModel LoadDiffusionModel(string path, DType? roundedTo = null)
    {
        var part = Find<DiffusionPart>(path, "diffusion model");
        return Handle(
            roundedTo is { } format ? _rounded.GetOrAdd((part, format), key => key.Part.RoundedTo(key.Format)) : part
        );
    }

    /// <summary>The autoencoder of a file.</summary>
    public Vae LoadVae(string path) => Handle(Find<AutoencoderPart>(path, "autoencoder"));

    /// <summary>The network in a file that enlarges pictures.</summary>
    /// <exception cref="UnsupportedModelException">There is none, or it has layers that its architecture has not.</exception>
    public Upscaler LoadUpscaler(string path)
    {
        var part = Find<UpscalerPart>(path, "network that enlarges pictures (ESRGAN, Real-ESRGAN)");
        if (_files.Audit(path).LeftOver is [var key, ..])
        {
            throw new UnsupportedModelException(
                $"{Path.GetFileName(path)}: expected {part.Family} as published, found one with further layers, such as '{key}'. "
                    + "Choose another upscale model."
            );
        }
        return new(new StoredNetwork<IUpscaleNetwork>(_networks, part), part.Scale);
    }

    /// <summary>The text encoders of one or more files, working together as their family wants it.</summary>
    public Clip LoadClip(params IReadOnlyList<string> paths) => LoadClip(paths, onCpu: false);

    /// <summary>As <see cref="LoadClip(IReadOnlyList{string})"/>; <paramref name="onCpu"/> keeps them off the device.</summary>
    public Clip LoadClip(IReadOnlyList<string> paths, bool onCpu)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return Handle([.. paths.Select(path => (Find<TextEncoderPart>(path, "text encoder"), path))], onCpu);
    }

    /// <summary>An adapter file; the same object as long as the file does not change.</summary>
    public LoraFile LoadLora(string path) => _loras.Open(path);

    /// <summary>A checkpoint as an adapter for others of its family; the same object as long as the file does not change.</summary>
    public CheckpointDifference LoadDifference(string path) =>
        _differences.GetOrAdd(_files.Recognise(path), parts => new CheckpointDifference(parts));

    /// <summary>Gives up every network that is not in use; handles stay good and load again when needed.</summary>
    public void Unload()
    {
        foreach (var networks in Caches)
        {
            networks.Unload();
        }
        TorchRuntime.EmptyHostCache();
        TorchRuntime.EmptyCache(Device);
    }

    public void Dispose()
    {
        foreach (var networks in Caches)
        {
            networks.Dispose();
        }
        _files.Dispose();
        _embeddings.Dispose();
    }

    private IEnumerable<NetworkCache> Caches =>
        _hostNetworks.IsValueCreated && _hostNetworks.Value != _networks
            ? [_networks, _hostNetworks.Value]
            : [_networks];

    private static NetworkCache OpenCache(Device device, ModelStoreOptions options) =>
        new(
            options.BudgetBytes ?? WeightBudget.Of(device),
            new(device, TorchRuntime.DescribeGpu(device), options.ComputeType)
        );

    private TPart Find<TPart>(string path, string what)
        where TPart : ModelPart
    {
        var parts = _files.Recognise(path);
        if (parts.OfType<TPart>().FirstOrDefault() is { } part)
        {
            return part;
        }
        var found = string.Join(" and ", parts);
        if (!parts.OfType<DiffusionPart>().Any() && ModelFamilies.UnsupportedName(parts[0].Source) is { } unsupported)
        {
            found += $" (and {unsupported}, which is not supported)";
        }
        throw new UnsupportedModelException(
            $"{Path.GetFileName(path)}: expected a {what}, found {found}. "
                + "Choose another file, or the loader that fits this one."
        );
    }

    private DiffusionModel Handle(DiffusionPart part) =>
        new()
        {
            Source = new StoredDiffusionNetwork(_networks, part),
            Sampling = part.Sampling(),
            LatentFormat = part.LatentFormat,
            Sizes = part.Sizes,
            Observer = _observer,
        };

    private Vae Handle(AutoencoderPart part) => new(new StoredNetwork<AutoencoderModel>(_networks, part), part.Config);

    private Clip Handle(IReadOnlyList<(TextEncoderPart Part, string Path)> encoders, bool onCpu = false)
    {
        var networks = onCpu ? _hostNetworks.Value : _networks;
        var l = encoders.FirstOrDefault(encoder => encoder.Part.Encoder == "l");
        var g = encoders.FirstOrDefault(encoder => encoder.Part.Encoder == "g");
        var h = encoders.FirstOrDefault(encoder => encoder.Part.Encoder == "h");
        var t5 = encoders.FirstOrDefault(encoder => encoder.Part.Encoder == "t5xxl");
        ITextEncoder encoder = (encoders.Count, l.Part, g.Part, t5.Part, h.Part) switch
        {
            (1, not null, _, _, _) => new Sd1TextEncoder(Clip(networks, l.Part), Words(l), Embeddings(l.Part)),
            (1, _, not null, _, _) => new SdxlTextEncoder(null, Encoder(networks, g)),
            (1, _, _, _, not null) => new Sd2TextEncoder(Clip(networks, h.Part), Words(h), Embeddings(h.Part)),
            (2, not null, not null, _, _) => new SdxlTextEncoder(Encoder(networks, l), Encoder(networks, g)),
            (2, not null, _, not null, _) => Flux(networks, l, t5),
            _ => throw new UnsupportedModelException(
                $"Text encoders {string.Join(" and ", encoders.Select(encoder => encoder.Part.Name))} do not make a known set. "
                    + "Expected CLIP-L alone (SD1.5), CLIP-H alone (SD2), CLIP-L and CLIP-G (SDXL), CLIP-G alone (SDXL's refiner), or CLIP-L and T5 (Flux)."
            ),
        };
        return new Clip { Encoder = encoder };
    }

    private SdxlTextEncoder.Part Encoder(NetworkCache networks, (TextEncoderPart Part, string Path) encoder) =>
        new(Clip(networks, encoder.Part), Words(encoder), Embeddings(encoder.Part));

    private FluxTextEncoder Flux(
        NetworkCache networks,
        (TextEncoderPart Part, string Path) clip,
        (TextEncoderPart Part, string Path) t5
    ) =>
        new(
            Clip(networks, clip.Part),
            new StoredNetwork<T5Model>(networks, t5.Part),
            Words(clip),
            () => _tokenizers.T5(t5.Path, t5.Part.TokenCount),
            Embeddings(clip.Part),
            _embeddings.For("t5xxl", t5.Part.Width)
        );

    private static StoredNetwork<ClipTextModel> Clip(NetworkCache networks, TextEncoderPart part) =>
        new(networks, part);

    private Func<PromptTokenizer> Words((TextEncoderPart Part, string Path) encoder)
    {
        var (part, path) = encoder;
        return part.Encoder is "g" or "h"
            ? () => _tokenizers.OpenClip(path, part.TokenCount)
            : () => _tokenizers.Clip(path, part.TokenCount);
    }

    private IPromptEmbeddings Embeddings(TextEncoderPart part) => _embeddings.For($"clip_{part.Encoder}", part.Width);
}
