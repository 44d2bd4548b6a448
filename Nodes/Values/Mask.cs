using NodeHost.Tensors;

namespace NodeHost.Nodes.Values;

/// <summary>The value of a MASK socket.</summary>
/// <param name="Values">[B, H, W] float32 in 0..1; a single mask may come as [H, W].</param>
public sealed record Mask(Tensor Values) : ITensorHolder
{
    public IEnumerable<Tensor> HeldTensors => [Values];
}
