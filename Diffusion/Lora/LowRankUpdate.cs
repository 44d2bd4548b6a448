using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>A low-rank update beside a layer: <c>output += factor * B(A(x))</c>, over all of its output rows or a range.</summary>
/// <param name="Up">B, [rows, rank].</param>
/// <param name="Down">A, [rank, in] or [rank, in, kH, kW].</param>
/// <param name="Factor">alpha / rank, times the strength of the block.</param>
/// <param name="FirstRow">The first of the layer's outputs that it goes to; null for all of them.</param>
internal sealed record LowRankUpdate(Tensor Up, Tensor Down, double Factor, long? FirstRow) : ILayerUpdate
{
    private const int Channels = 1;

    public void AddLinear(Tensor x, Tensor output, double strength)
    {
        using var scope = new TensorScope();
        var down = Down.Reshape(Down.Length(0), -1).To(x.DType);
        var update = Functional.Linear(Functional.Linear(x, down), Up.To(x.DType));
        Rows(output, output.Rank - 1).AddInPlace(update * (strength * Factor));
    }

    public void AddConvolution(Tensor x, Tensor output, double strength, long stride, long padding)
    {
        using var scope = new TensorScope();
        var rank = Down.Length(0);
        var down = (Down.Rank == 4 ? Down : Down.Reshape(rank, -1, 1, 1)).To(x.DType);
        var up = Up.Reshape(-1, rank, 1, 1).To(x.DType);
        var update = Functional.Conv2d(Functional.Conv2d(x, down, null, stride, padding), up);
        Rows(output, Channels).AddInPlace(update * (strength * Factor));
    }

    public void Dispose()
    {
        Up.Dispose();
        Down.Dispose();
    }

    private Tensor Rows(Tensor output, int dimension) =>
        FirstRow is { } first ? output.Slice(dimension, first, first + Up.Length(0)) : output;
}
