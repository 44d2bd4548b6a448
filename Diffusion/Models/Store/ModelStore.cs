using System.Collections.Concurrent;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Networks.Autoencoder;
using NodeHost.Diffusion.Networks.Clip;
using NodeHost.Diffusion.Networks.T5;
using NodeHost.Diffusion.Text;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>Opens model files, gives handles on their networks, and decides which networks stay in memory. Thread-safe.</summary>
public sealed class ModelStore : IDisposable
{
    private readonly CheckpointFiles _files = new();
    private readonly NetworkCache _networks;
    private readonly EmbeddingFolder _embeddings;
    private readonly PromptTokenizers _tokenizers;
    private readonly LoraFiles _loras = new();
    private readonly IForwardObserver? _observer;
    private readonly ConcurrentDictionary<IReadOnlyList<ModelPart>, CheckpointDifference> _differences = new();
    private readonly ConcurrentDictionary<(DiffusionPart Part, DType Format), DiffusionPart> _rounded = new();

    public ModelStore(ModelStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _networks = new(options.BudgetBytes);
        _embeddings = new(options.EmbeddingFolders);
        _tokenizers = new(options.Tokenizers);
        _observer = options.Observer;
    }

    /// <summary>Bytes of weights that are in memory now, mapped ones included.</summary>
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

    /// <summary>The text encoders of one or more files, working together as their family wants it.</summary>
    public Clip LoadClip(params IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return Handle([.. paths.Select(path => (Find<TextEncoderPart>(path, "text encoder"), path))]);
    }

    /// <summary>An adapter file; the same object as long as the file does not change.</summary>
    public LoraFile LoadLora(string path) => _loras.Open(path);

    /// <summary>A checkpoint as an adapter for others of its family; the same object as long as the file does not change.</summary>
    public CheckpointDifference LoadDifference(string path) =>
        _differences.GetOrAdd(_files.Recognise(path), parts => new CheckpointDifference(parts));

    /// <summary>Gives up every network that is not in use; handles stay good and load again when needed.</summary>
    public void Unload()
    {
        _networks.Unload();
        TorchRuntime.EmptyHostCache();
    }

    public void Dispose()
    {
        _networks.Dispose();
        _files.Dispose();
        _embeddings.Dispose();
    }

    private TPart Find<TPart>(string path, string what)
        where TPart : ModelPart
    {
        var parts = _files.Recognise(path);
        if (parts.OfType<TPart>().FirstOrDefault() is { } part)
        {
            return part;
        }
        var found = string.Join(" and ", parts);
        if (ModelFamilies.UnsupportedName(parts[0].Source) is { } unsupported)
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
            Observer = _observer,
        };

    private Vae Handle(AutoencoderPart part) => new(new StoredNetwork<AutoencoderModel>(_networks, part), part.Config);

    private Clip Handle(IReadOnlyList<(TextEncoderPart Part, string Path)> encoders)
    {
        var clip = encoders.FirstOrDefault(encoder => encoder.Part.Encoder == "l");
        var t5 = encoders.FirstOrDefault(encoder => encoder.Part.Encoder == "t5xxl");
        return (encoders.Count, clip.Part, t5.Part) switch
        {
            (1, not null, _) => new Clip { Encoder = Sd1(clip.Part, clip.Path) },
            (2, not null, not null) => new Clip { Encoder = Flux(clip.Part, clip.Path, t5.Part, t5.Path) },
            _ => throw new UnsupportedModelException(
                $"Text encoders {string.Join(" and ", encoders.Select(encoder => encoder.Part.Name))} do not make a known set. "
                    + "Expected CLIP-L alone (SD1.5), or CLIP-L and T5 (Flux)."
            ),
        };
    }

    private Sd1TextEncoder Sd1(TextEncoderPart clip, string path) =>
        new(
            new StoredNetwork<ClipTextModel>(_networks, clip),
            () => _tokenizers.Clip(path, clip.TokenCount),
            _embeddings.For("clip_l", clip.Width)
        );

    private FluxTextEncoder Flux(TextEncoderPart clip, string clipPath, TextEncoderPart t5, string t5Path) =>
        new(
            new StoredNetwork<ClipTextModel>(_networks, clip),
            new StoredNetwork<T5Model>(_networks, t5),
            () => _tokenizers.Clip(clipPath, clip.TokenCount),
            () => _tokenizers.T5(t5Path, t5.TokenCount),
            _embeddings.For("clip_l", clip.Width),
            _embeddings.For("t5xxl", t5.Width)
        );
}
