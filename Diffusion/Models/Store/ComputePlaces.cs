using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>Chooses the element type that a network computes in on a device.</summary>
/// <param name="device">The device.</param>
/// <param name="gpu">What it is, if it is a GPU.</param>
/// <param name="wanted">The type to take where a network can; null leaves it to the device.</param>
internal sealed class ComputePlaces(Device device, GpuInfo? gpu, DType? wanted)
{
    public Device Device => device;

    /// <summary>The first of a part's types that the device is fast in; float32 can always be had.</summary>
    public ComputePlace For(ModelPart part)
    {
        var types = part.ComputeTypes;
        if (wanted is { } type)
        {
            return new(device, types.Contains(type) ? type : DType.Float32);
        }
        return new(device, types.First(candidate => candidate == DType.Float32 || IsFast(candidate)));
    }

    private bool IsFast(DType type) => gpu is not null && (type != DType.BFloat16 || gpu.HasBFloat16);
}
