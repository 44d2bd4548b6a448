using NodeHost.Tensors;

namespace NodeHost.Diffusion.Latents;

/// <summary>
/// ComfyUI's "bislerp": resizes a latent by turning from one element's channel vector to its neighbour's (slerp) instead
/// of mixing them, first along the width, then along the height.
/// </summary>
/// <remarks>Slerp: "Animating Rotation with Quaternion Curves", Shoemake 1985. Where to read follows bilinear resizing.</remarks>
public static class Bislerp
{
    // Vectors closer to parallel than this are not turned: the angle's sine would divide by nearly nothing.
    private const double Parallel = 1e-5;

    /// <summary>The resized latent [B, C, height, width], in the given element type.</summary>
    public static Tensor Resize(Tensor samples, long width, long height)
    {
        ArgumentNullException.ThrowIfNull(samples);
        using var scope = new TensorScope();
        var wide = ResizeLast(samples.To(DType.Float32), width); // [B, C, H, width]
        var tall = ResizeLast(wide.Transpose(2, 3), height).Transpose(2, 3); // [B, C, height, width]
        return scope.Keep(tall.To(samples.DType));
    }

    /// <summary>From vectors a to vectors b (along dimension 1), a share t of the way; lengths are mixed linearly.</summary>
    public static Tensor Slerp(Tensor a, Tensor b, Tensor t)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        using var scope = new TensorScope();
        var lengthA = a.Norm([1], keepDimensions: true);
        var lengthB = b.Norm([1], keepDimensions: true);
        var directionA = Direction(a, lengthA);
        var directionB = Direction(b, lengthB);
        var cosine = (directionA * directionB).Sum([1], keepDimensions: true);
        var angle = cosine.Acos();
        var sine = angle.Sin();
        var rest = 1 - t;
        var turned = (rest * angle).Sin() / sine * directionA + (t * angle).Sin() / sine * directionB;
        turned *= lengthA * rest + lengthB * t;
        turned = cosine.GreaterThan(1 - Parallel).Where(a, turned);
        return scope.Keep(cosine.LessThan(Parallel - 1).Where(a * rest + b * t, turned));
    }

    private static Tensor Direction(Tensor vectors, Tensor lengths) =>
        lengths.EqualTo(0).Where(Tensor.ZerosLike(vectors), vectors / lengths);

    private static Tensor ResizeLast(Tensor samples, long length)
    {
        var oldLength = samples.Length(3);
        var first = Tensor.Arange(0, oldLength).Reshape(1, 1, 1, -1);
        var second = (first + 1).Clamp(null, oldLength - 1);
        var position = Functional.Interpolate(first, 1, length, InterpolationMode.Bilinear);
        var secondPosition = Functional.Interpolate(second, 1, length, InterpolationMode.Bilinear);
        return Slerp(Pick(samples, position), Pick(samples, secondPosition), position - position.Floor());
    }

    private static Tensor Pick(Tensor samples, Tensor position) =>
        samples.IndexSelect(3, position.To(DType.Int64).Reshape(-1).To(samples.Device));
}
