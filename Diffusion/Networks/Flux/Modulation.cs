using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Flux;

/// <summary>How the conditioning bends one branch of a block; each tensor is [B, 1, C], or [C] for a batch of one.</summary>
/// <param name="Shift">Added to the normalised input.</param>
/// <param name="Scale">One less than the factor of the normalised input.</param>
/// <param name="Gate">Factor of the branch's output; null in the final layer, which has no residual.</param>
internal readonly record struct Modulation(Tensor Shift, Tensor Scale, Tensor? Gate)
{
    private const double Epsilon = 1e-6;
    private static readonly Operator AddcmulOperator = new("aten::addcmul");

    /// <summary>[B, count * 3 * C] to modulations.</summary>
    public static Modulation[] Split(Tensor x, int count)
    {
        var parts = Parts(x, 3 * count);
        return [.. parts.Chunk(3).Select(part => new Modulation(part[0], part[1], part[2]))];
    }

    /// <summary>[B, 2 * C] to a modulation without a gate.</summary>
    public static Modulation WithoutGate(Tensor x)
    {
        var parts = Parts(x, 2);
        return new(parts[0], parts[1], Gate: null);
    }

    /// <summary><c>(1 + Scale) * normalise(x) + Shift</c>.</summary>
    public Tensor Apply(Tensor x) =>
        x.Length(0) == 1
            // A batch of one has one scale and shift for all tokens: they are the norm's own.
            ? Functional.LayerNorm(x, Scale + 1, Shift, Epsilon)
            : AddcmulOperator.Call(Shift, Functional.LayerNorm(x, null, null, Epsilon), Scale + 1);

    /// <summary><c>x + Gate * branch</c>.</summary>
    public Tensor AddTo(Tensor x, Tensor branch) => AddcmulOperator.Call(x, branch, Gate);

    private static Tensor[] Parts(Tensor x, int count) =>
        (x.Length(0) == 1 ? x.Reshape(-1) : x.Unsqueeze(1)).Chunk(count, -1);
}
