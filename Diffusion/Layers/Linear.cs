using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Lora;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Layers;

/// <summary><c>x W^T + b</c>. Weights kept in another type than the input's are cast for the call.</summary>
internal sealed class Linear(Weights w, long inputs, long outputs, bool bias = true)
{
    /// <summary>Elements from which on the time is that of reading the weight; smaller ones keep the rounding of a product.</summary>
    private const long LargeWeight = 1 << 20;

    private static readonly Operator AddmvOperator = new("aten::addmv");

    private readonly string _name = $"{w}.weight";
    private readonly Weight _weight = w.Tensor("weight", outputs, inputs);
    private readonly Weight? _bias = bias ? w.Tensor("bias", outputs) : null;

    /// <summary>x [..., inputs] to [..., outputs].</summary>
    public Tensor Forward(Tensor x) => LayerUpdates.AddLinear(_name, x, Product(x));

    private Tensor Product(Tensor x) =>
        _bias is not null && x.Device.IsCpu && x.ElementCount == inputs && inputs * outputs >= LargeWeight
            // One row: BLAS reads the weight four times as fast when it is told that this is a vector.
            ? AddmvOperator.Call(_bias.As(x), _weight.As(x), x.Reshape(-1)).Reshape([.. x.Shape[..^1], outputs])
            : Functional.Linear(x, _weight.As(x), _bias?.As(x));
}
