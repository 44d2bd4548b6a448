using System.Runtime.InteropServices;
using NodeHost.Tensors;

namespace NodeHost.Tests.Shared;

/// <summary>
/// A second device on machines without a GPU (tests/Shared/Native/twin_device.cpp): it computes with the CPU's kernels, bit
/// for bit, refuses operands of different devices as CUDA does, and counts the bytes it holds.
/// </summary>
internal static class TwinDevice
{
    private static readonly nint Library = Load();

    public static string LibraryPath => Path.Combine(AppContext.BaseDirectory, "libnodehost_twin.so");

    public static Device Device { get; } = Device.Parse("privateuseone:0");

    /// <summary>Bytes of the tensors on it.</summary>
    public static long LiveBytes => Call("twin_live_bytes");

    /// <summary>The most that <see cref="LiveBytes"/> has been since <see cref="ResetPeak"/>.</summary>
    public static long PeakBytes => Call("twin_peak_bytes");

    public static void ResetPeak() => Call("twin_reset_peak");

    private static long Call(string name) =>
        Marshal.GetDelegateForFunctionPointer<Counter>(NativeLibrary.GetExport(Library, name))();

    private static nint Load()
    {
        // libtorch has to be there first: the library registers itself with it.
        _ = TorchRuntime.Version;
        return NativeLibrary.Load(LibraryPath);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate long Counter();
}
