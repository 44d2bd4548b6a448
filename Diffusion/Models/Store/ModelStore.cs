using System.Collections.Concurrent;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Networks.Autoencoder;
using NodeHost.Diffusion.Networks.Clip;
using NodeHost.Diffusion.Networks.T5;
using NodeHost.Diffusion.Text;
using NodeHost.Diffusion.Text.Tokenization;
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

    private Clip Handle(IReadOnlyList<(TextEncoderPart Part, string Path)> encoders)
    {
        var l = encoders.FirstOrDefault(encoder => encoder.Part.Encoder == "l");
        var g = encoders.FirstOrDefault(encoder => encoder.Part.Encoder == "g");
        var t5 = encoders.FirstOrDefault(encoder => encoder.Part.Encoder == "t5xxl");
        ITextEncoder encoder = (encoders.Count, l.Part, g.Part, t5.Part) switch
        {
            (1, not null, _, _) => new Sd1TextEncoder(Clip(l.Part), Words(l), Embeddings(l.Part)),
            (1, _, not null, _) => new SdxlTextEncoder(null, Encoder(g)),
            (2, not null, not null, _) => new SdxlTextEncoder(Encoder(l), Encoder(g)),
            (2, not null, _, not null) => Flux(l, t5),
            _ => throw new UnsupportedModelException(
                $"Text encoders {string.Join(" and ", encoders.Select(encoder => encoder.Part.Name))} do not make a known set. "
                    + "Expected CLIP-L alone (SD1.5), CLIP-L and CLIP-G (SDXL), CLIP-G alone (SDXL's refiner), or CLIP-L and T5 (Flux)."
            ),
        };
        return new Clip { Encoder = encoder };
    }

    private SdxlTextEncoder.Part Encoder((TextEncoderPart Part, string Path) encoder) =>
        new(Clip(encoder.Part), Words(encoder), Embeddings(encoder.Part));

    private FluxTextEncoder Flux((TextEncoderPart Part, string Path) clip, (TextEncoderPart Part, string Path) t5) =>
        new(
            Clip(clip.Part),
            new StoredNetwork<T5Model>(_networks, t5.Part),
            Words(clip),
            () => _tokenizers.T5(t5.Path, t5.Part.TokenCount),
            Embeddings(clip.Part),
            _embeddings.For("t5xxl", t5.Part.Width)
        );

    private StoredNetwork<ClipTextModel> Clip(TextEncoderPart part) => new(_networks, part);

    private Func<PromptTokenizer> Words((TextEncoderPart Part, string Path) encoder)
    {
        var (part, path) = encoder;
        return part.Encoder == "g"
            ? () => _tokenizers.OpenClip(path, part.TokenCount)
            : () => _tokenizers.Clip(path, part.TokenCount);
    }

    private IPromptEmbeddings Embeddings(TextEncoderPart part) => _embeddings.For($"clip_{part.Encoder}", part.Width);
}
