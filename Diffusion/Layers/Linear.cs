using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Layers;

/// <summary><c>x W^T + b</c>. Weights kept in another type than the input's are cast for the call.</summary>
internal sealed class Linear(Weights w, long inputs, long outputs, bool bias = true)
{
    private readonly Tensor _weight = w.Tensor("weight", outputs, inputs);
    private readonly Tensor? _bias = bias ? w.Tensor("bias", outputs) : null;

    /// <summary>x [..., inputs] to [..., outputs].</summary>
    public Tensor Forward(Tensor x) => Functional.Linear(x, _weight.As(x), _bias?.As(x));
}
