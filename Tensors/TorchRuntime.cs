using NodeHost.Tensors.Native;

namespace NodeHost.Tensors;

/// <summary>The libtorch in use: version, threads, memory, devices.</summary>
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

    /// <summary>The first GPU where libtorch can use one, else the CPU.</summary>
    public static Device BestDevice => CountDevices(Device.Cuda()) > 0 ? Device.Cuda() : Device.Cpu;

    /// <summary>Devices of the kind of <paramref name="kind"/>; 0 where this libtorch or machine has none.</summary>
    public static int CountDevices(Device kind) => TorchLibrary.GetDeviceCount(kind.Packed);

    /// <summary>The device itself, if it is there.</summary>
    /// <exception cref="ArgumentException">This libtorch or machine has no such device.</exception>
    public static Device Require(Device device)
    {
        var count = CountDevices(device);
        return device.Index < count
            ? device
            : throw new ArgumentException(
                $"libtorch {Version} has no device '{device}' here, it counts {count} of that kind. "
                    + "Use cpu, or a GPU's driver and a libtorch with CUDA (LIBTORCH=<folder>, or a CUDA PyTorch)."
            );
    }

    /// <summary>What a device has left and what libtorch took of it; null where it is not known (the CPU's is not asked here).</summary>
    public static DeviceMemory? GetMemory(Device device)
    {
        if (!device.IsCuda || CudaDriver.Instance is not { } driver)
        {
            return null;
        }
        var (free, total) = driver.GetMemory(device.Index);
        var (allocated, reserved) = NativeTensor.GetDeviceMemory(device);
        return new DeviceMemory(allocated, reserved, free, total);
    }

    /// <summary>Name and abilities of a GPU; null for every other device.</summary>
    public static GpuInfo? DescribeGpu(Device device) =>
        device.IsCuda ? CudaDriver.Instance?.Describe(device.Index) : null;

    /// <summary>Gives cached, unused device memory back to the driver.</summary>
    public static void EmptyCache(Device device) =>
        TorchLibrary.Check(TorchLibrary.EmptyDeviceCache(device.Packed), "empty_cache");

    /// <summary>What libtorch launches on (a CUstream; 0 is the default one), for kernels that must run in its order.</summary>
    public static nint GetStream(Device device) => NativeTensor.GetDeviceStream(device);

    /// <summary>Waits for all that was launched on the device's current stream.</summary>
    public static void Synchronize(Device device) =>
        TorchLibrary.Check(TorchLibrary.SynchronizeDevice(device.Packed), "synchronize");
}
