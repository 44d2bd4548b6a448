using NodeHost.Tensors;

namespace NodeHost.Diffusion.Latents;

/// <summary>Scales low and high spatial frequencies of a map [B, C, H, W]; low is a square around frequency 0.</summary>
/// <remarks>
/// As Fourier_filter of https://github.com/ChenyangSi/FreeU (MIT) and https://github.com/WikiChao/FreSca: of the sorted
/// frequencies, those from <c>half - cutoff</c> up to, not including, <c>half + cutoff</c> are low, in rows and columns.
/// </remarks>
internal static class FrequencyFilter
{
    private static readonly Operator ForwardOperator = new("aten::fft_fftn");
    private static readonly Operator InverseOperator = new("aten::fft_ifftn");
    private static readonly Operator RealOperator = new("aten::real");

    /// <param name="x">The map.</param>
    /// <param name="low">Factor of low frequencies.</param>
    /// <param name="high">Factor of high ones.</param>
    /// <param name="cutoff">Half the side of the square of low ones.</param>
    public static Tensor Apply(Tensor x, double low, double high, int cutoff)
    {
        using var scope = new TensorScope();
        var factors = Factors((int)x.Length(2), (int)x.Length(3), (float)low, (float)high, cutoff).To(x.Device);
        long[] plane = [-2, -1];
        var frequencies = ForwardOperator.Call(x.To(DType.Float32), Argument.None, plane, Argument.None);
        var filtered = InverseOperator.Call(frequencies * factors, Argument.None, plane, Argument.None);
        return scope.Keep(RealOperator.Call(filtered).To(x.DType).Contiguous());
    }

    /// <summary>[H, W] in the transform's own order, which begins with frequency 0.</summary>
    private static Tensor Factors(int height, int width, float low, float high, int cutoff)
    {
        var (rows, columns) = (AreLow(height, cutoff), AreLow(width, cutoff));
        var values = new float[height * width];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = rows[index / width] && columns[index % width] ? low : high;
        }
        return Tensor.From(values, height, width);
    }

    private static bool[] AreLow(int length, int cutoff)
    {
        var half = length / 2;
        var low = new bool[length];
        for (var sorted = Math.Max(0, half - cutoff); sorted < Math.Min(length, half + cutoff); sorted++)
        {
            low[(sorted - half + length) % length] = true;
        }
        return low;
    }
}
