using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Clip;

/// <summary>CLIP's text transformer: token embeddings to hidden states and a pooled vector.</summary>
/// <remarks>
/// "Learning Transferable Visual Models From Natural Language Supervision", Radford et al. 2021. Mirrors CLIPTextModel
/// (Apache-2.0): https://github.com/huggingface/transformers/blob/v4.40.0/src/transformers/models/clip/modeling_clip.py
/// </remarks>
public sealed class ClipTextModel
{
    private readonly Weight _tokenEmbedding;
    private readonly Weight _positionEmbedding;
    private readonly ClipLayer[] _layers;
    private readonly LayerNorm _finalNorm;
    private readonly Linear? _projection;

    public ClipTextModel(Weights w, ClipTextConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        Place = w.Place;
        var text = w["text_model"];
        text["embeddings"].Pass("position_ids");
        w.Pass("logit_scale");
        _tokenEmbedding = text["embeddings"]["token_embedding"].Tensor("weight", config.Vocabulary, config.Width);
        _positionEmbedding = text["embeddings"]["position_embedding"].Tensor("weight", config.Positions, config.Width);
        var layers = text["encoder"]["layers"];
        _layers = [.. Enumerable.Range(0, config.Layers).Select(index => new ClipLayer(layers[index], config))];
        _finalNorm = new(text["final_layer_norm"], config.Width);
        _projection = config.HasProjection ? new(w["text_projection"], config.Width, config.Width, bias: false) : null;
    }

    public ClipTextConfig Config { get; }

    /// <summary>Where the weights are, and the type it computes in.</summary>
    public ComputePlace Place { get; }

    /// <summary>ids [B, tokens] to their embeddings in float32, positions not yet added.</summary>
    public Tensor Embed(Tensor ids) =>
        NetworkBlock.Run(() => Functional.Embedding(_tokenEmbedding.Value, ids.To(Place.Device)).To(DType.Float32));

    /// <summary>Runs the layers.</summary>
    /// <param name="embeddings">[B, tokens, C]</param>
    /// <param name="poolAt">For each row of the batch the position that the pooled vector is taken from.</param>
    /// <param name="hiddenLayers">
    /// How many layers the hidden states have passed; null = all of them and the final norm. The pooled vector has passed all.
    /// </param>
    /// <param name="isNormalised">Whether hidden states from between the layers pass the final norm too.</param>
    /// <param name="isProjected">Whether the pooled vector passes the projection, where the file has one.</param>
    /// <returns>Hidden states [B, tokens, C] and pooled vectors [B, C].</returns>
    public (Tensor Hidden, Tensor Pooled) Forward(
        Tensor embeddings,
        IReadOnlyList<int> poolAt,
        int? hiddenLayers = null,
        bool isNormalised = true,
        bool isProjected = true
    )
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(poolAt);
        var tokens = embeddings.Length(1);
        var x = embeddings + _positionEmbedding.As(embeddings).Slice(0, 0, tokens);
        var mask = CausalMask(tokens, x.Device);
        var hidden = x;
        for (var index = 0; index < _layers.Length; index++)
        {
            var given = x;
            x = NetworkBlock.Run(() => _layers[index].Forward(given, mask));
            if (index + 1 == hiddenLayers)
            {
                hidden = x;
            }
        }
        var last = _finalNorm.Forward(x);
        var pooled = Tensor.Stack([.. poolAt.Select((position, row) => last.Select(0, row).Select(0, position))], 0);
        return (
            hiddenLayers is null ? last
            : isNormalised ? _finalNorm.Forward(hidden)
            : hidden,
            isProjected && _projection is not null ? _projection.Forward(pooled) : pooled
        );
    }

    /// <summary>Minus infinity above the diagonal: added to scores it hides what comes later.</summary>
    private static Tensor CausalMask(long tokens, Device device)
    {
        var rows = Tensor.Arange(0, tokens, dtype: DType.Int64, device: device);
        var isLater = rows.Unsqueeze(0).GreaterThan(rows.Unsqueeze(1));
        var zeros = Tensor.Zeros([tokens, tokens], device: device);
        return isLater.Where(Tensor.FromScalar(double.NegativeInfinity, device: device), zeros);
    }
}
