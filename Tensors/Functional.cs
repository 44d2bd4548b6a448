namespace NodeHost.Tensors;

/// <summary>Neural network functions, named as in <c>torch.nn.functional</c>.</summary>
public static class Functional
{
    private static readonly Operator LinearOperator = new("aten::linear");
    private static readonly Operator Conv2dOperator = new("aten::conv2d");
    private static readonly Operator UnfoldOperator = new("aten::im2col");
    private static readonly Operator GroupNormOperator = new("aten::group_norm");
    private static readonly Operator LayerNormOperator = new("aten::layer_norm");
    private static readonly Operator RmsNormOperator = new("aten::rms_norm");
    private static readonly Operator SiluOperator = new("aten::silu");
    private static readonly Operator GeluOperator = new("aten::gelu");
    private static readonly Operator FusedGeluOperator = new("nodehost::gelu_tanh");
    private static readonly Operator FusedNormTurnOperator = new("nodehost::norm_turn");
    private static readonly Operator ComplexProductOperator = new("aten::mul", "Tensor");
    private static readonly Operator AsComplexOperator = new("aten::view_as_complex");
    private static readonly Operator AsRealOperator = new("aten::view_as_real");
    private static readonly Operator ReluOperator = new("aten::relu");
    private static readonly Operator LeakyReluOperator = new("aten::leaky_relu");
    private static readonly Operator PreluOperator = new("aten::prelu");
    private static readonly Operator PixelShuffleOperator = new("aten::pixel_shuffle");
    private static readonly Operator PixelUnshuffleOperator = new("aten::pixel_unshuffle");
    private static readonly Operator SoftmaxOperator = new("aten::softmax", "int");
    private static readonly Operator MatmulOperator = new("aten::matmul");
    private static readonly Operator BmmOperator = new("aten::bmm");
    private static readonly Operator BaddbmmOperator = new("aten::baddbmm");
    private static readonly Operator EmbeddingOperator = new("aten::embedding");
    private static readonly Operator NearestOperator = new("aten::upsample_nearest2d", "vec");
    private static readonly Operator NearestExactOperator = new("aten::_upsample_nearest_exact2d", "vec");
    private static readonly Operator BilinearOperator = new("aten::upsample_bilinear2d", "vec");
    private static readonly Operator BicubicOperator = new("aten::upsample_bicubic2d", "vec");
    private static readonly Operator AdaptiveAveragePoolOperator = new("aten::adaptive_avg_pool2d");
    private static readonly Operator MaxPoolOperator = new("aten::max_pool2d");
    private static readonly Operator AttentionOperator = new("aten::scaled_dot_product_attention");

    /// <summary>Whether this libtorch has the fused attention operator (2.0 and later).</summary>
    public static bool HasFusedAttention => AttentionOperator.Exists;

    /// <summary><c>x W^T + b</c>; x is [..., in], weight [out, in].</summary>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias = null) => LinearOperator.Call(x, weight, bias);

    /// <summary>Convolution of x [B, in, H, W] with weight [out, in / groups, kH, kW].</summary>
    public static Tensor Conv2d(
        Tensor x,
        Tensor weight,
        Tensor? bias = null,
        long stride = 1,
        long padding = 0,
        long dilation = 1,
        long groups = 1
    ) =>
        Conv2dOperator.Call(
            x,
            weight,
            bias,
            new[] { stride, stride },
            new[] { padding, padding },
            new[] { dilation, dilation },
            groups
        );

    /// <summary>The windows that a convolution would see in x [B, C, H, W]: [B, C * kernel * kernel, positions].</summary>
    public static Tensor Unfold(Tensor x, long kernel, long stride = 1, long padding = 0) =>
        UnfoldOperator.Call(
            x,
            new[] { kernel, kernel },
            new[] { 1L, 1L },
            new[] { padding, padding },
            new[] { stride, stride }
        );

    /// <summary>Normalises groups of channels of x [B, C, ...].</summary>
    public static Tensor GroupNorm(Tensor x, long groups, Tensor? weight, Tensor? bias, double epsilon) =>
        GroupNormOperator.Call(x, groups, weight, bias, epsilon, true);

    /// <summary>Normalises the last dimension.</summary>
    public static Tensor LayerNorm(Tensor x, Tensor? weight, Tensor? bias, double epsilon = 1e-5) =>
        LayerNormOperator.Call(x, new[] { LastLength(x) }, weight, bias, epsilon, true);

    /// <summary><c>x * rsqrt(mean(x^2) + epsilon) * scale</c> over the last dimension.</summary>
    public static Tensor RmsNorm(Tensor x, Tensor? scale = null, double epsilon = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (RmsNormOperator.Exists)
        {
            return RmsNormOperator.Call(x, new[] { LastLength(x) }, scale, epsilon);
        }
        using var scope = new TensorScope();
        var inverse = (x.Pow(2).Mean([-1], keepDimensions: true) + epsilon).Rsqrt();
        var normalised = x * inverse;
        return scope.Keep(scale is null ? normalised : normalised * scale);
    }

    /// <summary>
    /// Heads brought to a root mean square of one and scaled by feature; then each pair of features, taken as a complex
    /// number, is multiplied by its token's rotation.
    /// </summary>
    /// <param name="x">[B, tokens, n, heads, D]</param>
    /// <param name="scales">[n, 1, D]</param>
    /// <param name="rotations">[1, tokens, 1, 1, D / 2], complex.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    public static Tensor NormTurn(Tensor x, Tensor scales, Tensor rotations, double epsilon = 1e-6)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(scales);
        return CanFuse(x) && CanFuse(scales)
            ? FusedNormTurnOperator.Call(x, scales, rotations, epsilon)
            : PlainNormTurn(x, scales, rotations, epsilon);
    }

    /// <summary>The same in libtorch's operators, for every device and for gradients.</summary>
    internal static Tensor PlainNormTurn(Tensor x, Tensor scales, Tensor rotations, double epsilon)
    {
        using var scope = new TensorScope();
        var scaled = (RmsNorm(x, null, epsilon) * scales).To(DType.Float32);
        var pairs = AsComplexOperator.Call(scaled.Reshape([.. x.Shape[..^1], LastLength(x) / 2, 2]));
        var turned = AsRealOperator.Call(ComplexProductOperator.Call(pairs, rotations));
        return scope.Keep(turned.Reshape(x.Shape).To(x.DType));
    }

    public static Tensor Silu(Tensor x) => SiluOperator.Call(x);

    public static Tensor Relu(Tensor x) => ReluOperator.Call(x);

    /// <summary>Numbers below zero times a slope.</summary>
    public static Tensor LeakyRelu(Tensor x, double negativeSlope) => LeakyReluOperator.Call(x, negativeSlope);

    /// <summary>Numbers below zero times a slope for each channel of x [B, C, ...].</summary>
    public static Tensor Prelu(Tensor x, Tensor slopes) => PreluOperator.Call(x, slopes);

    /// <summary>x [B, C * factor^2, H, W] to [B, C, H * factor, W * factor]: channels become pixels.</summary>
    public static Tensor PixelShuffle(Tensor x, long factor) => PixelShuffleOperator.Call(x, factor);

    /// <summary>x [B, C, H * factor, W * factor] to [B, C * factor^2, H, W]: pixels become channels.</summary>
    public static Tensor PixelUnshuffle(Tensor x, long factor) => PixelUnshuffleOperator.Call(x, factor);

    /// <summary>Gaussian error linear unit; <paramref name="tanh"/> picks the tanh approximation.</summary>
    public static Tensor Gelu(Tensor x, bool tanh = false) => GeluOperator.Call(x, tanh ? "tanh" : "none");

    /// <summary>The tanh approximation without its tanh: on the CPU three times as fast, and not rounded as libtorch's.</summary>
    public static Tensor FastGelu(Tensor x) => CanFuse(x) ? FusedGeluOperator.Call(x) : Gelu(x, tanh: true);

    public static Tensor Softmax(Tensor x, int dimension = -1) => SoftmaxOperator.Call(x, dimension, Argument.None);

    public static Tensor Matmul(Tensor a, Tensor b) => MatmulOperator.Call(a, b);

    /// <summary>Batched product of a [B, n, m] and b [B, m, p].</summary>
    public static Tensor Bmm(Tensor a, Tensor b) => BmmOperator.Call(a, b);

    /// <summary><c>beta * input + alpha * a @ b</c>, batched.</summary>
    public static Tensor Baddbmm(Tensor input, Tensor a, Tensor b, double beta = 1, double alpha = 1) =>
        BaddbmmOperator.Call(input, a, b, beta, alpha);

    /// <summary>Rows of a weight [N, D] picked by integer indices.</summary>
    public static Tensor Embedding(Tensor weight, Tensor indices) => EmbeddingOperator.Call(weight, indices);

    /// <summary>Fused <c>softmax(q k^T * scale) v</c> on [B, heads, L, D]; see <see cref="HasFusedAttention"/>.</summary>
    public static Tensor ScaledDotProductAttention(Tensor query, Tensor key, Tensor value, Tensor? mask = null) =>
        AttentionOperator.Call(query, key, value, mask);

    /// <summary>Resizes x [B, C, H, W] as <c>torch.nn.functional.interpolate</c> without antialiasing.</summary>
    public static Tensor Interpolate(Tensor x, long height, long width, InterpolationMode mode)
    {
        long[] size = [height, width];
        return mode switch
        {
            InterpolationMode.Nearest => NearestOperator.Call(x, size, Argument.None),
            InterpolationMode.NearestExact => NearestExactOperator.Call(x, size, Argument.None),
            InterpolationMode.Bilinear => BilinearOperator.Call(x, size, false, Argument.None),
            InterpolationMode.Bicubic => BicubicOperator.Call(x, size, false, Argument.None),
            InterpolationMode.Area => AdaptiveAveragePoolOperator.Call(x, size),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "unknown interpolation"),
        };
    }

    public static Tensor MaxPool2d(Tensor x, long kernel, long stride, long padding) =>
        MaxPoolOperator.Call(x, new[] { kernel, kernel }, new[] { stride, stride }, new[] { padding, padding });

    /// <summary>Whether an operator of our own takes it: they know float32 on the CPU, and no gradients.</summary>
    private static bool CanFuse(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Device.IsCpu && x.DType == DType.Float32 && !(Autograd.IsEnabled && x.RequiresGrad);
    }

    private static long LastLength(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Length(-1);
    }
}
