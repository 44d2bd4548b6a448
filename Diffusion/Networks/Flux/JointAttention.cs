using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Flux;

/// <summary>
/// Queries and keys side by side [B, tokens, 2, heads, D], normalised and turned by their positions, and values
/// [B, tokens, heads, D] of a sequence.
/// </summary>
internal readonly record struct Projection(Tensor QueryKey, Tensor Value)
{
    public static Projection Concat(Projection first, Projection second) =>
        new(Tensor.Concat([first.QueryKey, second.QueryKey], 1), Tensor.Concat([first.Value, second.Value], 1));
}

/// <summary>Splits a projection into heads, normalises its queries and keys and turns them.</summary>
internal sealed class QueryKeyNorm(Weights w, FluxConfig config)
{
    private readonly Weight _queryScale = w["query_norm"].Tensor("scale", config.HeadWidth);
    private readonly Weight _keyScale = w["key_norm"].Tensor("scale", config.HeadWidth);

    /// <summary>[B, tokens, 3 * C] to its parts; the rope is that of these tokens.</summary>
    public Projection Project(Tensor qkv, Rope rope)
    {
        var parts = qkv.Reshape(qkv.Length(0), qkv.Length(1), 3, config.Heads, config.HeadWidth);
        var scales = Tensor.Stack([_queryScale.As(qkv), _keyScale.As(qkv)], 0).Unsqueeze(1); // [2, 1, D]
        return new(rope.NormTurn(parts.Slice(2, 0, 2), scales), parts.Select(2, 2));
    }
}

/// <summary>Attention of all tokens to all; the place where hooks see its output.</summary>
internal sealed class JointAttention(AttentionSite site)
{
    public AttentionSite Site => site;

    /// <summary>Heads merged: [B, tokens, C].</summary>
    public Tensor Forward(Projection tokens, long textLength)
    {
        var attended = DotProductAttention.Run(
            tokens.QueryKey.Select(2, 0).Transpose(1, 2),
            tokens.QueryKey.Select(2, 1).Transpose(1, 2),
            tokens.Value.Transpose(1, 2)
        );
        var merged = DotProductAttention.MergeHeads(attended);
        return AttentionHooks.Apply(site, merged, (int)textLength..(int)merged.Length(1));
    }
}
