using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Networks.Autoencoder;
using NodeHost.Diffusion.Networks.Clip;
using NodeHost.Diffusion.Text;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>Opens model files, gives handles on their networks, and decides which networks stay in memory. Thread-safe.</summary>
public sealed class ModelStore : IDisposable
{
    private readonly CheckpointFiles _files = new();
    private readonly NetworkCache _networks;
    private readonly EmbeddingFolder _embeddings;
    private readonly PromptTokenizers _tokenizers;
    private readonly LoraFiles _loras = new();

    public ModelStore(ModelStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _networks = new(options.BudgetBytes);
        _embeddings = new(options.EmbeddingFolders);
        _tokenizers = new(options.Tokenizers);
    }

    /// <summary>Bytes of the weights of all networks that are ready.</summary>
    public long ResidentBytes => _networks.ResidentBytes;

    /// <summary>Everything a checkpoint file holds.</summary>
    /// <exception cref="UnsupportedModelException">It holds nothing that is supported.</exception>
    public LoadedCheckpoint LoadCheckpoint(string path)
    {
        var parts = _files.Recognise(path);
        var model = parts.OfType<DiffusionPart>().FirstOrDefault();
        var encoders = parts.OfType<TextEncoderPart>().ToArray();
        var vae = parts.OfType<AutoencoderPart>().FirstOrDefault();
        return new(
            model is null ? null : Handle(model),
            encoders.Length == 0 ? null : Handle(encoders, path),
            vae is null ? null : Handle(vae)
        );
    }

    /// <summary>The denoising network of a file.</summary>
    public DiffusionModel LoadDiffusionModel(string path) => Handle(Find<DiffusionPart>(path, "diffusion model"));

    /// <summary>The autoencoder of a file.</summary>
    public Vae LoadVae(string path) => Handle(Find<AutoencoderPart>(path, "autoencoder"));

    /// <summary>The text encoders of one or more files, working together as their family wants it.</summary>
    public Clip LoadClip(params IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return Handle([.. paths.Select(path => Find<TextEncoderPart>(path, "text encoder"))], paths[0]);
    }

    /// <summary>An adapter file; the same object as long as the file does not change.</summary>
    public LoraFile LoadLora(string path) => _loras.Open(path);

    /// <summary>Gives up every network that is not in use; handles stay good and load again when needed.</summary>
    public void Unload() => _networks.Unload();

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
        return parts.OfType<TPart>().FirstOrDefault()
            ?? throw new UnsupportedModelException(
                $"{Path.GetFileName(path)}: expected a {what}, found {string.Join(" and ", parts)}. "
                    + "Choose another file, or the loader that fits this one."
            );
    }

    private DiffusionModel Handle(DiffusionPart part) =>
        new()
        {
            Source = new StoredDiffusionNetwork(_networks, part),
            Sampling = part.Sampling(),
            LatentFormat = part.LatentFormat,
        };

    private Vae Handle(AutoencoderPart part) => new(new StoredNetwork<AutoencoderModel>(_networks, part), part.Config);

    private Clip Handle(IReadOnlyList<TextEncoderPart> parts, string path)
    {
        if (parts is not [{ Encoder: "l" } part])
        {
            throw new UnsupportedModelException(
                $"Text encoders {string.Join(" and ", parts.Select(encoder => encoder.Name))} do not make a known set. Expected CLIP-L alone (SD1.5)."
            );
        }
        return new Clip
        {
            Encoder = new Sd1TextEncoder(
                new StoredNetwork<ClipTextModel>(_networks, part),
                () => _tokenizers.Clip(path),
                _embeddings.For("clip_l", part.Width)
            ),
        };
    }
}
