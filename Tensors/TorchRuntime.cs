using NodeHost.Tensors.Native;

namespace NodeHost.Tensors;

/// <summary>The libtorch in use: version, threads, CUDA devices.</summary>
public static class TorchRuntime
{
    /// <summary>Version the shim was compiled against, e.g. <c>1.13.1</c>.</summary>
    public static string Version => TorchLibrary.TorchVersion();

    public static int ThreadCount
    {
        get => TorchLibrary.GetThreadCount();
        set => TorchLibrary.Check(TorchLibrary.SetThreadCount(value), "set_num_threads");
    }

    /// <summary>Freed host memory kept for the next tensors, in bytes.</summary>
    public static long HostCacheBytes => TorchLibrary.GetHostCacheBytes();

    /// <summary>Most host memory kept so; 0 keeps none.</summary>
    public static void SetHostCacheLimit(long bytes) =>
        TorchLibrary.Check(TorchLibrary.SetHostCacheLimit(bytes), "host cache");

    /// <summary>Gives kept, unused host memory back: after models were unloaded, or when there is nothing to do.</summary>
    public static void EmptyHostCache() => TorchLibrary.TrimHostCache();

    public static int CudaDeviceCount => TorchLibrary.GetCudaCount();

    /// <summary>Memory of a CUDA device as libtorch's allocator and the driver see it.</summary>
    public static CudaMemory GetCudaMemory(int index = 0) => NativeTensor.GetCudaMemory(index);

    /// <summary>Gives cached, unused device memory back to the driver.</summary>
    public static void EmptyCudaCache() => TorchLibrary.Check(TorchLibrary.EmptyCudaCache(), "empty_cache");

    /// <summary>The CUstream libtorch launches on, for kernels that must run in its order.</summary>
    public static nint CudaStream(int index = 0) => NativeTensor.GetCudaStream(index);

    /// <summary>Waits for the device's current stream.</summary>
    public static void SynchronizeCuda(int index = 0) =>
        TorchLibrary.Check(TorchLibrary.SynchronizeCuda(index), "synchronize");
}
