namespace NodeHost.Tensors;

/// <summary>Elementwise arithmetic and comparison, with PyTorch's broadcasting and promotion.</summary>
public sealed partial class Tensor
{
    private static readonly Operator AddOperator = new("aten::add", "Tensor");
    private static readonly Operator AddScalarOperator = new("aten::add", "Scalar");
    private static readonly Operator SubtractOperator = new("aten::sub", "Tensor");
    private static readonly Operator SubtractScalarOperator = new("aten::sub", "Scalar");
    private static readonly Operator ReverseSubtractOperator = new("aten::rsub", "Scalar");
    private static readonly Operator MultiplyOperator = new("aten::mul", "Tensor");
    private static readonly Operator MultiplyScalarOperator = new("aten::mul", "Scalar");
    private static readonly Operator DivideOperator = new("aten::div", "Tensor");
    private static readonly Operator DivideScalarOperator = new("aten::div", "Scalar");
    private static readonly Operator ReciprocalOperator = new("aten::reciprocal");
    private static readonly Operator RemainderOperator = new("aten::remainder", "Scalar");
    private static readonly Operator NegateOperator = new("aten::neg");
    private static readonly Operator PowOperator = new("aten::pow", "Tensor_Scalar");
    private static readonly Operator SqrtOperator = new("aten::sqrt");
    private static readonly Operator RsqrtOperator = new("aten::rsqrt");
    private static readonly Operator ExpOperator = new("aten::exp");
    private static readonly Operator Expm1Operator = new("aten::expm1");
    private static readonly Operator LogOperator = new("aten::log");
    private static readonly Operator SinOperator = new("aten::sin");
    private static readonly Operator CosOperator = new("aten::cos");
    private static readonly Operator TanOperator = new("aten::tan");
    private static readonly Operator AcosOperator = new("aten::acos");
    private static readonly Operator AtanOperator = new("aten::atan");
    private static readonly Operator TanhOperator = new("aten::tanh");
    private static readonly Operator SigmoidOperator = new("aten::sigmoid");
    private static readonly Operator AbsOperator = new("aten::abs");
    private static readonly Operator FloorOperator = new("aten::floor");
    private static readonly Operator RoundOperator = new("aten::round");
    private static readonly Operator ClampOperator = new("aten::clamp");
    private static readonly Operator MaximumOperator = new("aten::maximum");
    private static readonly Operator MinimumOperator = new("aten::minimum");
    private static readonly Operator WhereOperator = new("aten::where", "self");
    private static readonly Operator LerpOperator = new("aten::lerp", "Scalar");
    private static readonly Operator GreaterOperator = new("aten::gt", "Scalar");
    private static readonly Operator GreaterTensorOperator = new("aten::gt", "Tensor");
    private static readonly Operator GreaterOrEqualOperator = new("aten::ge", "Scalar");
    private static readonly Operator LessOperator = new("aten::lt", "Scalar");
    private static readonly Operator LessTensorOperator = new("aten::lt", "Tensor");
    private static readonly Operator LessOrEqualOperator = new("aten::le", "Scalar");
    private static readonly Operator EqualToOperator = new("aten::eq", "Scalar");
    private static readonly Operator EqualToTensorOperator = new("aten::eq", "Tensor");
    private static readonly Operator NotEqualToOperator = new("aten::ne", "Scalar");
    private static readonly Operator IsFiniteOperator = new("aten::isfinite");
    private static readonly Operator NanToNumOperator = new("aten::nan_to_num");
    private static readonly Operator BitwiseAndOperator = new("aten::bitwise_and", "Tensor");
    private static readonly Operator BitwiseOrOperator = new("aten::bitwise_or", "Tensor");
    private static readonly Operator BitwiseXorOperator = new("aten::bitwise_xor", "Tensor");
    private static readonly Operator AddInPlaceOperator = new("aten::add_", "Tensor");
    private static readonly Operator MultiplyInPlaceOperator = new("aten::mul_", "Tensor");
    private static readonly Operator MultiplyScalarInPlaceOperator = new("aten::mul_", "Scalar");
    private static readonly Operator FillOperator = new("aten::fill_", "Scalar");

    public static Tensor operator +(Tensor left, Tensor right) => AddOperator.Call(left, right);

    public static Tensor operator +(Tensor left, Scalar right) => AddScalarOperator.Call(left, right);

    public static Tensor operator +(Scalar left, Tensor right) => AddScalarOperator.Call(right, left);

    public static Tensor operator -(Tensor left, Tensor right) => SubtractOperator.Call(left, right);

    public static Tensor operator -(Tensor left, Scalar right) => SubtractScalarOperator.Call(left, right);

    public static Tensor operator -(Scalar left, Tensor right) => ReverseSubtractOperator.Call(right, left);

    public static Tensor operator -(Tensor value) => NegateOperator.Call(value);

    public static Tensor operator *(Tensor left, Tensor right) => MultiplyOperator.Call(left, right);

    public static Tensor operator *(Tensor left, Scalar right) => MultiplyScalarOperator.Call(left, right);

    public static Tensor operator *(Scalar left, Tensor right) => MultiplyScalarOperator.Call(right, left);

    public static Tensor operator /(Tensor left, Tensor right) => DivideOperator.Call(left, right);

    public static Tensor operator /(Tensor left, Scalar right) => DivideScalarOperator.Call(left, right);

    /// <summary>As PyTorch's <c>number / tensor</c>: the reciprocal, then the product.</summary>
    public static Tensor operator /(Scalar left, Tensor right) => right.Reciprocal() * left;

    /// <summary><c>this + factor * other</c> in one pass.</summary>
    public Tensor Add(Tensor other, Scalar factor) => AddOperator.Call(this, other, factor);

    public Tensor Reciprocal() => ReciprocalOperator.Call(this);

    /// <summary>Remainder with the sign of the divisor, as Python's <c>%</c>.</summary>
    public Tensor Remainder(Scalar divisor) => RemainderOperator.Call(this, divisor);

    public Tensor Pow(Scalar exponent) => PowOperator.Call(this, exponent);

    public Tensor Sqrt() => SqrtOperator.Call(this);

    public Tensor Rsqrt() => RsqrtOperator.Call(this);

    public Tensor Exp() => ExpOperator.Call(this);

    public Tensor Expm1() => Expm1Operator.Call(this);

    public Tensor Log() => LogOperator.Call(this);

    public Tensor Sin() => SinOperator.Call(this);

    public Tensor Cos() => CosOperator.Call(this);

    public Tensor Tan() => TanOperator.Call(this);

    public Tensor Acos() => AcosOperator.Call(this);

    public Tensor Atan() => AtanOperator.Call(this);

    public Tensor Tanh() => TanhOperator.Call(this);

    public Tensor Sigmoid() => SigmoidOperator.Call(this);

    public Tensor Abs() => AbsOperator.Call(this);

    public Tensor Floor() => FloorOperator.Call(this);

    /// <summary>Nearest integer, halves to even.</summary>
    public Tensor Round() => RoundOperator.Call(this);

    public Tensor Clamp(Scalar? minimum, Scalar? maximum) =>
        ClampOperator.Call(this, minimum is { } low ? low : Argument.None, maximum is { } high ? high : Argument.None);

    public Tensor Maximum(Tensor other) => MaximumOperator.Call(this, other);

    public Tensor Minimum(Tensor other) => MinimumOperator.Call(this, other);

    /// <summary>Where this boolean tensor holds, <paramref name="then"/>; elsewhere <paramref name="otherwise"/>.</summary>
    public Tensor Where(Tensor then, Tensor otherwise) => WhereOperator.Call(this, then, otherwise);

    public Tensor Lerp(Tensor end, Scalar weight) => LerpOperator.Call(this, end, weight);

    public Tensor GreaterThan(Scalar other) => GreaterOperator.Call(this, other);

    public Tensor GreaterThan(Tensor other) => GreaterTensorOperator.Call(this, other);

    public Tensor GreaterOrEqual(Scalar other) => GreaterOrEqualOperator.Call(this, other);

    public Tensor LessThan(Scalar other) => LessOperator.Call(this, other);

    public Tensor LessThan(Tensor other) => LessTensorOperator.Call(this, other);

    public Tensor LessOrEqual(Scalar other) => LessOrEqualOperator.Call(this, other);

    public Tensor EqualTo(Scalar other) => EqualToOperator.Call(this, other);

    public Tensor EqualTo(Tensor other) => EqualToTensorOperator.Call(this, other);

    public Tensor NotEqualTo(Scalar other) => NotEqualToOperator.Call(this, other);

    public Tensor IsFinite() => IsFiniteOperator.Call(this);

    public Tensor NanToNum(double replacement = 0) => NanToNumOperator.Call(this, replacement);

    public Tensor BitwiseAnd(Tensor other) => BitwiseAndOperator.Call(this, other);

    public Tensor BitwiseOr(Tensor other) => BitwiseOrOperator.Call(this, other);

    public Tensor BitwiseXor(Tensor other) => BitwiseXorOperator.Call(this, other);

    /// <summary>Adds <c>factor * other</c> in place.</summary>
    public Tensor AddInPlace(Tensor other, Scalar? factor = null)
    {
        AddInPlaceOperator.Run(this, other, factor ?? 1);
        return this;
    }

    public Tensor MultiplyInPlace(Tensor other)
    {
        MultiplyInPlaceOperator.Run(this, other);
        return this;
    }

    public Tensor MultiplyInPlace(Scalar other)
    {
        MultiplyScalarInPlaceOperator.Run(this, other);
        return this;
    }

    public Tensor FillInPlace(Scalar value)
    {
        FillOperator.Run(this, value);
        return this;
    }
}
