using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>
/// An update of full rank beside a layer (LoHa, LoKr, whole differences). Its small factors are held and multiplied anew in
/// each pass: the product of all layers together would take as much memory as the model.
/// </summary>
/// <param name="module">The update.</param>
/// <param name="factors">Its tensors.</param>
/// <param name="shape">Shape of the weight that it goes to.</param>
/// <param name="blockFactor">Strength of the block.</param>
/// <param name="rows">The layer's outputs that it goes to; null for all of them.</param>
internal sealed class ComposedUpdate(
    LoraModule module,
    HeldTensors factors,
    IReadOnlyList<long> shape,
    double blockFactor,
    LoraRows? rows
) : ILayerUpdate
{
    private const int Channels = 1;

    public void AddLinear(Tensor x, Tensor output, double strength)
    {
        using var scope = new TensorScope();
        var (change, factor) = Compute(strength);
        var update = module.IsBias ? change.To(x.DType) : Functional.Linear(x, change.To(x.DType));
        Outputs(output, output.Rank - 1).AddInPlace(update * factor);
    }

    public void AddConvolution(Tensor x, Tensor output, double strength, long stride, long padding)
    {
        using var scope = new TensorScope();
        var (change, factor) = Compute(strength);
        var update = module.IsBias
            ? change.To(x.DType).Reshape(1, -1, 1, 1)
            : Functional.Conv2d(x, change.To(x.DType), null, stride, padding);
        Outputs(output, Channels).AddInPlace(update * factor);
    }

    public void Dispose() => factors.Dispose();

    /// <summary>A tensor of a weight's size that takes no memory; independent updates look at no more of the weight.</summary>
    internal static Tensor SizeOf(IReadOnlyList<long> shape) => Tensor.Empty([1]).Expand([.. shape]);

    private (Tensor Change, double Factor) Compute(double strength)
    {
        var (change, factor) = module.Compute(factors, SizeOf(shape), strength);
        if (rows?.UpdateStart is { } start)
        {
            change = change.Slice(0, start, start + rows.Length);
        }
        return (change.Reshape([rows?.Length ?? shape[0], .. shape.Skip(1)]), factor * blockFactor);
    }

    private Tensor Outputs(Tensor output, int dimension) =>
        rows is null ? output : output.Slice(dimension, rows.Start, rows.Start + rows.Length);
}
