using System.Runtime.InteropServices;

namespace NodeHost.Tensors.Native;

/// <summary>
/// The few calls of NVIDIA's driver that tell what a GPU is and has left. The library is there wherever a GPU works, whatever
/// libtorch was built with, so nothing of CUDA's needs to be installed to build this.
/// </summary>
/// <remarks>https://docs.nvidia.com/cuda/cuda-driver-api/</remarks>
internal sealed unsafe class CudaDriver
{
    private const string LibraryName = "libcuda.so.1";
    private const int MultiprocessorCount = 16;
    private const int ClockRate = 13;
    private const int MajorCapability = 75;
    private const int MinorCapability = 76;
    private const int NameCapacity = 256;

    private static readonly Lazy<CudaDriver?> Found = new(() => Open(LibraryName));

    private readonly delegate* unmanaged<int*, int, int> _getDevice;
    private readonly delegate* unmanaged<byte*, int, int, int> _getName;
    private readonly delegate* unmanaged<int*, int, int, int> _getAttribute;
    private readonly delegate* unmanaged<nint*, int, int> _retainContext;
    private readonly delegate* unmanaged<int, int> _releaseContext;
    private readonly delegate* unmanaged<nint, int> _pushContext;
    private readonly delegate* unmanaged<nint*, int> _popContext;
    private readonly delegate* unmanaged<nuint*, nuint*, int> _getMemory;
    private readonly delegate* unmanaged<int, byte**, int> _getErrorName;

    private CudaDriver(nint library)
    {
        _getDevice = (delegate* unmanaged<int*, int, int>)Find("cuDeviceGet");
        _getName = (delegate* unmanaged<byte*, int, int, int>)Find("cuDeviceGetName");
        _getAttribute = (delegate* unmanaged<int*, int, int, int>)Find("cuDeviceGetAttribute");
        _retainContext = (delegate* unmanaged<nint*, int, int>)Find("cuDevicePrimaryCtxRetain");
        _releaseContext = (delegate* unmanaged<int, int>)Find("cuDevicePrimaryCtxRelease_v2");
        _pushContext = (delegate* unmanaged<nint, int>)Find("cuCtxPushCurrent_v2");
        _popContext = (delegate* unmanaged<nint*, int>)Find("cuCtxPopCurrent_v2");
        _getMemory = (delegate* unmanaged<nuint*, nuint*, int>)Find("cuMemGetInfo_v2");
        _getErrorName = (delegate* unmanaged<int, byte**, int>)Find("cuGetErrorName");
        var initialize = (delegate* unmanaged<uint, int>)Find("cuInit");
        Check(initialize(0), "cuInit");

        nint Find(string name) => NativeLibrary.GetExport(library, name);
    }

    /// <summary>The machine's driver; null where there is none that works.</summary>
    public static CudaDriver? Instance => Found.Value;

    /// <summary>Opens a library that has the driver's functions; null where it is missing, too old or finds no GPU.</summary>
    internal static CudaDriver? Open(string path)
    {
        if (!NativeLibrary.TryLoad(path, out var library))
        {
            return null;
        }
        try
        {
            return new CudaDriver(library);
        }
        catch (Exception error) when (error is TensorException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    public GpuInfo Describe(int index)
    {
        var device = DeviceOf(index);
        var name = stackalloc byte[NameCapacity];
        Check(_getName(name, NameCapacity, device), "cuDeviceGetName");
        return new GpuInfo(
            Marshal.PtrToStringUTF8((nint)name) ?? "",
            new Version(Attribute(MajorCapability), Attribute(MinorCapability)),
            Attribute(MultiprocessorCount),
            Attribute(ClockRate) / 1000
        );

        int Attribute(int attribute)
        {
            int value;
            Check(_getAttribute(&value, attribute, device), "cuDeviceGetAttribute");
            return value;
        }
    }

    /// <summary>Free and total bytes, asked in the context that libtorch uses too.</summary>
    public (long Free, long Total) GetMemory(int index)
    {
        var device = DeviceOf(index);
        nint context;
        Check(_retainContext(&context, device), "cuDevicePrimaryCtxRetain");
        try
        {
            nuint free;
            nuint total;
            Check(_pushContext(context), "cuCtxPushCurrent");
            var status = _getMemory(&free, &total);
            Check(_popContext(&context), "cuCtxPopCurrent");
            Check(status, "cuMemGetInfo");
            return ((long)free, (long)total);
        }
        finally
        {
            _ = _releaseContext(device);
        }
    }

    private int DeviceOf(int index)
    {
        int device;
        Check(_getDevice(&device, index), "cuDeviceGet");
        return device;
    }

    private void Check(int status, string call)
    {
        if (status == 0)
        {
            return;
        }
        byte* name = null;
        _ = _getErrorName(status, &name);
        throw new TensorException(call, $"the driver says {Marshal.PtrToStringUTF8((nint)name) ?? $"{status}"}", "");
    }
}
