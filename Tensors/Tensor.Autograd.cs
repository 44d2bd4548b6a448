using NodeHost.Tensors.Native;

namespace NodeHost.Tensors;

/// <summary>Reverse-mode differentiation.</summary>
public sealed partial class Tensor
{
    private static readonly Operator DetachOperator = new("aten::detach");

    /// <summary>Whether operations on this tensor are recorded for <see cref="Backward"/>.</summary>
    public bool RequiresGrad
    {
        get => TorchLibrary.GetRequiresGrad(Handle) != 0;
        set => TorchLibrary.Check(TorchLibrary.SetRequiresGrad(Handle, value ? 1 : 0), "requires_grad_");
    }

    /// <summary>The gradient that <see cref="Backward"/> accumulated, as a new handle; null before.</summary>
    public Tensor? Grad
    {
        get
        {
            var handle = NativeTensor.GetGrad(Handle);
            return handle == 0 ? null : Own(handle);
        }
    }

    /// <summary>The same values, cut off from the recorded graph.</summary>
    public Tensor Detach() => DetachOperator.Call(this);

    /// <summary>Adds the gradient of this scalar (or of its product with <paramref name="gradient"/>) to every leaf.</summary>
    public void Backward(Tensor? gradient = null, bool retainGraph = false, bool createGraph = false) =>
        TorchLibrary.Check(
            TorchLibrary.Backward(Handle, gradient?.Handle ?? 0, retainGraph ? 1 : 0, createGraph ? 1 : 0),
            "backward"
        );

    /// <summary>Forgets the accumulated gradient.</summary>
    public void ClearGrad() => TorchLibrary.Check(TorchLibrary.SetGrad(Handle, 0), "zero_grad");
}
