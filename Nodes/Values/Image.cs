using NodeHost.Tensors;

namespace NodeHost.Nodes.Values;

/// <summary>The value of an IMAGE socket: a batch of pictures.</summary>
/// <param name="Pixels">[B, H, W, C] float32 in 0..1, C = 3 or 4.</param>
public sealed record Image(Tensor Pixels) : ITensorHolder
{
    public long BatchSize => Pixels.Length(0);

    public long Height => Pixels.Length(1);

    public long Width => Pixels.Length(2);

    public IEnumerable<Tensor> HeldTensors => [Pixels];
}
