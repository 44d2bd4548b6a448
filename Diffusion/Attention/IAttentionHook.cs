using NodeHost.Tensors;

namespace NodeHost.Diffusion.Attention;

/// <summary>Reads or replaces the output of attention layers. Several hooks run in order, each fed the former's result.</summary>
public interface IAttentionHook
{
    /// <summary>The value that takes the output's place; return <c>output.Value</c> to leave it alone.</summary>
    Tensor Apply(in AttentionOutput output);
}
