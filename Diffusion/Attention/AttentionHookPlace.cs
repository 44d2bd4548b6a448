using NodeHost.Tensors;

namespace NodeHost.Diffusion.Attention;

/// <summary>
/// Keeps a place among a model's hooks for the hooks of a wrapper's passes. It is idle in every other pass, so that a
/// wrapper which lost its place to a later one has no effect.
/// </summary>
public sealed class AttentionHookPlace : IAttentionHook
{
    public Tensor Apply(in AttentionOutput output) =>
        output.Step.Pass is { } pass && ReferenceEquals(pass.Place, this) ? pass.Hook.Apply(output) : output.Value;
}
