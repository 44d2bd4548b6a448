using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Flux;

/// <summary>Queries, keys and values of a sequence, each [B, tokens, heads, D].</summary>
internal readonly record struct Projection(Tensor Query, Tensor Key, Tensor Value)
{
    public static Projection Concat(Projection first, Projection second) =>
        new(
            Tensor.Concat([first.Query, second.Query], 1),
            Tensor.Concat([first.Key, second.Key], 1),
            Tensor.Concat([first.Value, second.Value], 1)
        );
}

/// <summary>Splits a projection into heads and normalises its queries and keys.</summary>
internal sealed class QueryKeyNorm(Weights w, FluxConfig config)
{
    private readonly Weight _queryScale = w["query_norm"].Tensor("scale", config.HeadWidth);
    private readonly Weight _keyScale = w["key_norm"].Tensor("scale", config.HeadWidth);

    /// <summary>[B, tokens, 3 * C] to its three parts.</summary>
    public Projection Project(Tensor qkv)
    {
        var parts = qkv.Reshape(qkv.Length(0), qkv.Length(1), 3, config.Heads, config.HeadWidth);
        return new(
            Functional.RmsNorm(parts.Select(2, 0), _queryScale.As(qkv)),
            Functional.RmsNorm(parts.Select(2, 1), _keyScale.As(qkv)),
            parts.Select(2, 2)
        );
    }
}

/// <summary>Attention of all tokens to all, turned by their positions; the place where hooks see its output.</summary>
internal sealed class JointAttention(AttentionSite site)
{
    public AttentionSite Site => site;

    /// <summary>Heads merged: [B, tokens, C].</summary>
    public Tensor Forward(Projection tokens, long textLength, Rope rope)
    {
        var attended = DotProductAttention.Run(
            rope.Turn(tokens.Query).Transpose(1, 2),
            rope.Turn(tokens.Key).Transpose(1, 2),
            tokens.Value.Transpose(1, 2)
        );
        var merged = DotProductAttention.MergeHeads(attended);
        return AttentionHooks.Apply(site, merged, (int)textLength..(int)merged.Length(1));
    }
}
