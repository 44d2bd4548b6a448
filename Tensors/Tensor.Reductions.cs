namespace NodeHost.Tensors;

/// <summary>Sums, means, extremes and orderings.</summary>
public sealed partial class Tensor
{
    private static readonly Operator SumOperator = new("aten::sum");
    private static readonly Operator SumDimensionsOperator = new("aten::sum", "dim_IntList");
    private static readonly Operator MeanOperator = new("aten::mean");
    private static readonly Operator MeanDimensionsOperator = new("aten::mean", "dim");
    private static readonly Operator StdOperator = new("aten::std");
    private static readonly Operator StdDimensionsOperator = new("aten::std", "dim");
    private static readonly Operator NormOperator = new("aten::norm", "ScalarOpt_dim");
    private static readonly Operator MaxOperator = new("aten::max");
    private static readonly Operator MinOperator = new("aten::min");
    private static readonly Operator AmaxOperator = new("aten::amax");
    private static readonly Operator AminOperator = new("aten::amin");
    private static readonly Operator SortOperator = new("aten::sort");
    private static readonly Operator AnyOperator = new("aten::any");
    private static readonly Operator AllOperator = new("aten::all");
    private static readonly Operator EqualOperator = new("aten::equal");
    private static readonly Operator QuantileOperator = new("aten::quantile", "scalar");

    public Tensor Sum() => SumOperator.Call(this);

    public Tensor Sum(ReadOnlySpan<long> dimensions, bool keepDimensions = false) =>
        SumDimensionsOperator.Call(this, dimensions, keepDimensions);

    public Tensor Mean() => MeanOperator.Call(this);

    public Tensor Mean(ReadOnlySpan<long> dimensions, bool keepDimensions = false) =>
        MeanDimensionsOperator.Call(this, dimensions, keepDimensions);

    /// <summary>Standard deviation with Bessel's correction, as <c>torch.std</c>.</summary>
    public Tensor Std() => StdOperator.Call(this);

    public Tensor Std(ReadOnlySpan<long> dimensions, bool keepDimensions = false) =>
        StdDimensionsOperator.Call(this, dimensions, true, keepDimensions);

    /// <summary>p-norm along dimensions (2 when not given).</summary>
    public Tensor Norm(ReadOnlySpan<long> dimensions, bool keepDimensions = false, double p = 2) =>
        NormOperator.Call(this, p, dimensions, keepDimensions);

    public Tensor Max() => MaxOperator.Call(this);

    public Tensor Min() => MinOperator.Call(this);

    public Tensor Max(ReadOnlySpan<long> dimensions, bool keepDimensions = false) =>
        AmaxOperator.Call(this, dimensions, keepDimensions);

    public Tensor Min(ReadOnlySpan<long> dimensions, bool keepDimensions = false) =>
        AminOperator.Call(this, dimensions, keepDimensions);

    /// <summary>Sorted values and the indices they came from.</summary>
    public (Tensor Values, Tensor Indices) Sort(int dimension = -1, bool descending = false)
    {
        var results = SortOperator.CallForTensors(this, dimension, descending);
        return (results[0], results[1]);
    }

    public Tensor Quantile(double q, int? dimension = null, bool keepDimension = false) =>
        QuantileOperator.Call(this, q, dimension is { } given ? (long)given : Argument.None, keepDimension, "linear");

    public bool Any()
    {
        using var any = AnyOperator.Call(this);
        return any.ItemInt64() != 0;
    }

    public bool All()
    {
        using var all = AllOperator.Call(this);
        return all.ItemInt64() != 0;
    }

    /// <summary>Same shape and same values, bit for bit but for -0 (NaN equals nothing).</summary>
    public bool IsEqualTo(Tensor other) => EqualOperator.CallForScalar(this, other).ToInt64() != 0;
}
