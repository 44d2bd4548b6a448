using System.Reflection;
using System.Runtime.InteropServices;

namespace NodeHost.Tensors.Native;

/// <summary>Outcome of a native call; kept in step with <c>ErrorKind</c> in torch_shim.cpp.</summary>
internal enum TorchErrorKind
{
    Ok = 0,
    Failed = 1,
    OutOfMemory = 2,
}

/// <summary>The C functions of torch_shim.cpp, and the loading of libtorch with the environment it needs.</summary>
internal static unsafe partial class TorchLibrary
{
    private const string Shim = "nodehost_torch";

    static TorchLibrary()
    {
        NativeLibrary.SetDllImportResolver(typeof(TorchLibrary).Assembly, Resolve);
        // Spinning OpenMP threads made a prompt 10-20 times slower on a busy box; libgomp reads this once, at load.
        _ = SetEnvironment("OMP_WAIT_POLICY", "PASSIVE", 0);
        PreloadOpenMpBlas();
        // libtorch may start with one thread whatever the machine has.
        Check(SetThreadCount(ThreadCountFromEnvironment() ?? Environment.ProcessorCount), "set_num_threads");
        Check(SetHostCacheLimit(HostCacheLimit()), "host cache");
    }

    // OpenBLAS's pthread build, Debian's default, keeps a thread pool of its own that spins beside libtorch's OpenMP threads
    // and takes a fifth of a step on two cores. Its OpenMP build shares them. The loader takes the one that is there first.
    private static void PreloadOpenMpBlas()
    {
        var machine = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64";
        var folder = $"/usr/lib/{machine}-linux-gnu/openblas-openmp";
        foreach (var name in (string[])["libopenblas.so.0", "libblas.so.3", "liblapack.so.3"])
        {
            _ = NativeLibrary.TryLoad(Path.Combine(folder, name), out _);
        }
    }

    // Temporaries of a step are far below this; on small machines an eighth of the memory has to do.
    private static long HostCacheLimit() => Math.Min(2L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);

    /// <summary>Throws when a native call failed; the message is rebuilt as <c>[operation] problem; shapes</c>.</summary>
    public static void Check(TorchErrorKind kind, string operation)
    {
        if (kind != TorchErrorKind.Ok)
        {
            throw TensorException.FromNative(kind == TorchErrorKind.OutOfMemory, operation, LastError(), "");
        }
    }

    public static string LastError() => Marshal.PtrToStringUTF8(LastErrorText()) ?? "unknown error";

    public static string TorchVersion() => Marshal.PtrToStringUTF8(TorchVersionText()) ?? "unknown";

    private static int? ThreadCountFromEnvironment() =>
        int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), out var count) && count > 0 ? count : null;

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Shim)
        {
            return 0;
        }
        var file = Path.Combine(AppContext.BaseDirectory, "libnodehost_torch.so");
        if (!File.Exists(file))
        {
            throw new DllNotFoundException(
                $"The libtorch shim was not found at {file}. Build it with 'bash Tensors/Native/build.sh' (./run does so); "
                    + "it needs libtorch: 'apt-get install libtorch-dev', a CUDA PyTorch, or LIBTORCH=<folder>."
            );
        }
        return NativeLibrary.Load(file);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport(Shim, EntryPoint = "nh_last_error")]
    private static partial nint LastErrorText();

    [LibraryImport(Shim, EntryPoint = "nh_torch_version")]
    private static partial nint TorchVersionText();

    [LibraryImport(Shim, EntryPoint = "nh_free")]
    public static partial void Free(void* memory);

    [LibraryImport(Shim, EntryPoint = "nh_set_num_threads")]
    public static partial TorchErrorKind SetThreadCount(int count);

    [LibraryImport(Shim, EntryPoint = "nh_get_num_threads")]
    public static partial int GetThreadCount();

    [LibraryImport(Shim, EntryPoint = "nh_host_cache_limit")]
    public static partial TorchErrorKind SetHostCacheLimit(long bytes);

    [LibraryImport(Shim, EntryPoint = "nh_host_cache_bytes")]
    public static partial long GetHostCacheBytes();

    [LibraryImport(Shim, EntryPoint = "nh_host_cache_trim")]
    public static partial void TrimHostCache();

    [LibraryImport(Shim, EntryPoint = "nh_operator_find", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint FindOperator(string name, string overload);

    [LibraryImport(Shim, EntryPoint = "nh_operator_call")]
    public static partial TorchErrorKind CallOperator(
        nint handle,
        NativeValue* arguments,
        int argumentCount,
        NativeValue* results,
        int resultCapacity,
        int* resultCount
    );

    [LibraryImport(Shim, EntryPoint = "nh_tensor_free")]
    public static partial void FreeTensor(nint handle);

    [LibraryImport(Shim, EntryPoint = "nh_tensor_alias")]
    public static partial nint AliasTensor(nint handle);

    [LibraryImport(Shim, EntryPoint = "nh_tensor_dim")]
    [SuppressGCTransition]
    public static partial int GetDimension(nint handle);

    [LibraryImport(Shim, EntryPoint = "nh_tensor_layout")]
    public static partial TorchErrorKind GetLayout(nint handle, long* sizes, long* strides, int* dtype, long* device);

    [LibraryImport(Shim, EntryPoint = "nh_tensor_data")]
    public static partial TorchErrorKind GetData(nint handle, void** data);

    [LibraryImport(Shim, EntryPoint = "nh_tensor_from_blob")]
    public static partial TorchErrorKind FromBlob(
        void* data,
        long* sizes,
        int dimension,
        int dtype,
        delegate* unmanaged<nint, void> onRelease,
        nint context,
        nint* result
    );

    [LibraryImport(Shim, EntryPoint = "nh_grad_enabled")]
    [SuppressGCTransition]
    public static partial int GetGradEnabled();

    [LibraryImport(Shim, EntryPoint = "nh_set_grad_enabled")]
    [SuppressGCTransition]
    public static partial void SetGradEnabled(int enabled);

    [LibraryImport(Shim, EntryPoint = "nh_tensor_requires_grad")]
    public static partial int GetRequiresGrad(nint handle);

    [LibraryImport(Shim, EntryPoint = "nh_tensor_set_requires_grad")]
    public static partial TorchErrorKind SetRequiresGrad(nint handle, int requiresGrad);

    [LibraryImport(Shim, EntryPoint = "nh_tensor_grad")]
    public static partial TorchErrorKind GetGrad(nint handle, nint* result);

    [LibraryImport(Shim, EntryPoint = "nh_tensor_set_grad")]
    public static partial TorchErrorKind SetGrad(nint handle, nint gradient);

    [LibraryImport(Shim, EntryPoint = "nh_tensor_backward")]
    public static partial TorchErrorKind Backward(nint handle, nint gradient, int retainGraph, int createGraph);

    [LibraryImport(Shim, EntryPoint = "nh_autograd_grad")]
    public static partial TorchErrorKind AutogradGrad(
        nint output,
        nint gradient,
        nint* inputs,
        int inputCount,
        int retainGraph,
        int createGraph,
        nint* results
    );

    [LibraryImport(Shim, EntryPoint = "nh_generator_new")]
    public static partial TorchErrorKind NewGenerator(long device, ulong seed, nint* result);

    [LibraryImport(Shim, EntryPoint = "nh_generator_free")]
    public static partial void FreeGenerator(nint generator);

    [LibraryImport(Shim, EntryPoint = "nh_generator_seed")]
    public static partial TorchErrorKind SeedGenerator(nint generator, ulong seed);

    [LibraryImport(Shim, EntryPoint = "nh_device_parse", StringMarshalling = StringMarshalling.Utf8)]
    public static partial TorchErrorKind ParseDevice(string text, long* packed);

    [LibraryImport(Shim, EntryPoint = "nh_device_name")]
    public static partial TorchErrorKind GetDeviceName(long packed, byte* name, int capacity);

    [LibraryImport(Shim, EntryPoint = "nh_device_count")]
    public static partial int GetDeviceCount(long packed);

    [LibraryImport(Shim, EntryPoint = "nh_device_memory")]
    public static partial TorchErrorKind GetDeviceMemory(long packed, long* figures);

    [LibraryImport(Shim, EntryPoint = "nh_device_empty_cache")]
    public static partial TorchErrorKind EmptyDeviceCache(long packed);

    [LibraryImport(Shim, EntryPoint = "nh_device_stream")]
    public static partial TorchErrorKind GetDeviceStream(long packed, void** stream);

    [LibraryImport(Shim, EntryPoint = "nh_device_synchronize")]
    public static partial TorchErrorKind SynchronizeDevice(long packed);
}
