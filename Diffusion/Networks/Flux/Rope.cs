using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Flux;

/// <summary>Rotary position embedding over three axes: pairs of features turn by the token's index, row or column.</summary>
/// <remarks>
/// "RoFormer", Su et al. 2021. Mirrors rope and apply_rope (Apache-2.0), a pair taken as one complex number:
/// https://github.com/black-forest-labs/flux/blob/802fb47/src/flux/math.py
/// </remarks>
internal sealed class Rope
{
    private const double Theta = 10_000;

    private static readonly Operator ComplexOperator = new("aten::complex");

    /// <summary>[1, tokens, 1, 1, D / 2] complex: cosine and sine of each pair's angle.</summary>
    private readonly Tensor _rotations;

    private Rope(Tensor rotations) => _rotations = rotations;

    public static Rope Of(TokenPositions positions, FluxConfig config, Device device)
    {
        var pairs = (int)config.HeadWidth / 2;
        var (axes, frequencies) = (new long[pairs], new double[pairs]);
        var pair = 0;
        for (var axis = 0; axis < config.AxisWidths.Count; axis++)
        {
            var width = config.AxisWidths[axis];
            for (var feature = 0L; feature < width; feature += 2)
            {
                axes[pair] = axis;
                frequencies[pair++] = 1 / Math.Pow(Theta, (double)feature / width);
            }
        }
        using var scope = new TensorScope();
        var places = Tensor.From(positions.Values, positions.Count, TokenPositions.Axes);
        var angles = places.IndexSelect(1, Tensor.From(axes, pairs)) * Tensor.From(frequencies, pairs);
        var rotations = ComplexOperator.Call(angles.Cos().To(DType.Float32), angles.Sin().To(DType.Float32));
        return new Rope(scope.Keep(rotations.Reshape(1, positions.Count, 1, 1, pairs).To(device)));
    }

    /// <summary>The part of the sequence from one token on, up to another (null: the rest).</summary>
    public Rope Part(long start, long? end = null) => new(_rotations.Slice(1, start, end));

    /// <summary>x [B, tokens, n, heads, D] normalised, scaled by [n, 1, D], and each pair turned by its token's angle.</summary>
    public Tensor NormTurn(Tensor x, Tensor scales) => Functional.NormTurn(x, scales, _rotations);
}
