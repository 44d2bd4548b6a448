using NodeHost.Tensors;

namespace NodeHost.Diffusion.Attention;

/// <summary>What goes into an attention layer's weighted mean, heads merged.</summary>
/// <param name="Query">[B, tokens, C]</param>
/// <param name="Key">[B, sources, C]</param>
/// <param name="Value">[B, sources, C]</param>
/// <param name="Heads">How many heads C is split into.</param>
public sealed record AttentionInputs(Tensor Query, Tensor Key, Tensor Value, int Heads)
{
    /// <summary>The weights of the mean [B, heads, tokens, sources], worked out again.</summary>
    public Tensor Weights()
    {
        var (query, key) = (Split(Query), Split(Key));
        var scale = 1 / Math.Sqrt(query.Length(3));
        return Functional.Softmax(Functional.Matmul(query * scale, key.Transpose(2, 3)));
    }

    private Tensor Split(Tensor x) => x.Reshape(x.Length(0), x.Length(1), Heads, x.Length(2) / Heads).Transpose(1, 2);
}
