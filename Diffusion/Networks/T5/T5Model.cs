using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.T5;

/// <summary>The encoder of T5 v1.1: token embeddings to hidden states. Padding is attended to, as Flux wants it.</summary>
/// <remarks>
/// "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer", Raffel et al. 2020. Mirrors
/// T5EncoderModel (Apache-2.0): https://github.com/huggingface/transformers/blob/v4.40.0/src/transformers/models/t5/modeling_t5.py
/// </remarks>
public sealed class T5Model
{
    private readonly Weight _tokenEmbedding;
    private readonly T5PositionBias _positionBias;
    private readonly T5Block[] _blocks;
    private readonly T5Norm _finalNorm;

    public T5Model(Weights w, T5Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        Place = w.Place;
        _tokenEmbedding = w["shared"].Tensor("weight", config.Vocabulary, config.Width);
        var encoder = w["encoder"];
        // All layers share the bias, which the first one keeps.
        _positionBias = new(encoder["block"][0]["layer"][0]["SelfAttention"]["relative_attention_bias"], config);
        _blocks =
        [
            .. Enumerable
                .Range(0, config.Layers)
                .Select(index => new T5Block(encoder["block"][index]["layer"], config)),
        ];
        _finalNorm = new(encoder["final_layer_norm"], config.Width);
    }

    public T5Config Config { get; }

    /// <summary>Where the weights are, and the type it computes in.</summary>
    public ComputePlace Place { get; }

    /// <summary>ids [B, tokens] to their embeddings in float32.</summary>
    public Tensor Embed(Tensor ids) =>
        NetworkBlock.Run(() => Functional.Embedding(_tokenEmbedding.Value, ids.To(Place.Device)).To(DType.Float32));

    /// <summary>Embeddings [B, tokens, C] to normalised hidden states.</summary>
    /// <param name="embeddings">[B, tokens, C]</param>
    /// <param name="hiddenLayers">How many layers the hidden states have passed.</param>
    public Tensor Forward(Tensor embeddings, int hiddenLayers)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var bias = _positionBias.Forward(embeddings.Length(1), embeddings);
        var hidden = NetworkBlock.Chain(
            embeddings,
            _blocks
                .Take(hiddenLayers)
                .Select<T5Block, Func<Tensor, Tensor>>(block => tokens => block.Forward(tokens, bias))
        );
        return NetworkBlock.Run(() => _finalNorm.Forward(hidden));
    }
}
