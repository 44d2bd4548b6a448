using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Lora;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Layers;

/// <summary>Convolution of [B, inputs, H, W] with a square kernel.</summary>
/// <remarks>
/// On a CPU, oneDNN brings the whole kernel into its own layout at every call. Where large kernels meet few positions (the
/// lowest levels of a UNet) that takes longer than the convolution, and one matrix product over unfolded windows is up to
/// three times faster.
/// </remarks>
internal sealed class Conv2d(Weights w, long inputs, long outputs, long kernel, long stride = 1, long padding = 0)
{
    private const long LargeKernel = 1 << 20;
    private const long FewPositions = 256;

    private readonly string _name = $"{w}.weight";
    private readonly Weight _weight = w.Tensor("weight", outputs, inputs, kernel, kernel);
    private readonly Weight _bias = w.Tensor("bias", outputs);

    public Tensor Forward(Tensor x) => LayerUpdates.AddConvolution(_name, x, Convolve(x), stride, padding);

    private Tensor Convolve(Tensor x) =>
        x.Device.IsCpu && outputs * inputs * kernel * kernel >= LargeKernel && Positions(x) <= FewPositions
            ? Unfolded(x)
            : Functional.Conv2d(x, _weight.As(x), _bias.As(x), stride, padding);

    private Tensor Unfolded(Tensor x)
    {
        var batch = x.Length(0);
        var (height, width) = (OutputLength(x.Length(2)), OutputLength(x.Length(3)));
        var windows = Functional
            .Unfold(x, kernel, stride, padding) // [B, inputs * k * k, positions]
            .Transpose(1, 2)
            .Reshape(batch * height * width, -1);
        var matrix = _weight.As(x).Reshape(outputs, -1);
        return Functional
            .Linear(windows, matrix, _bias.As(x))
            .Reshape(batch, height, width, outputs)
            .Permute(0, 3, 1, 2)
            .Contiguous();
    }

    private long Positions(Tensor x) => x.Length(0) * OutputLength(x.Length(2)) * OutputLength(x.Length(3));

    private long OutputLength(long length) => (length + 2 * padding - kernel) / stride + 1;
}
