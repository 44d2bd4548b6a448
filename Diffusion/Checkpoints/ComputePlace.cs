using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>Where a network's weights are, and the element type it computes in.</summary>
public readonly record struct ComputePlace(Device Device, DType DType)
{
    /// <summary>The CPU, which computes in float32: half precision is slower there.</summary>
    public static ComputePlace Cpu => new(Device.Cpu, DType.Float32);

    /// <summary>A tensor brought here.</summary>
    public Tensor Take(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.To(Device, DType);
    }
}
