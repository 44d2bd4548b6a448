using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>How many bytes of weights a device holds at once, where nobody said.</summary>
internal static class WeightBudget
{
    private const double HostShare = 0.6;
    private const long LeastForWork = 2L << 30;
    private const long WorkShare = 8;

    /// <summary>A share of the machine's memory, or of a GPU what is free now but for what a step needs beside the weights.</summary>
    public static long Of(Device device) =>
        TorchRuntime.GetMemory(device) is { Free: var free }
            ? Of(free)
            : (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * HostShare);

    internal static long Of(long freeOnGpu) => Math.Max(0, freeOnGpu - Math.Max(LeastForWork, freeOnGpu / WorkShare));
}
