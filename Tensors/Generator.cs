using NodeHost.Tensors.Native;

namespace NodeHost.Tensors;

/// <summary>A random number generator with libtorch's algorithm, so that equal seeds give PyTorch's bits.</summary>
public sealed class Generator : IDisposable
{
    private nint _handle;

    public Generator(ulong seed, Device? device = null)
    {
        Device = device ?? Device.Cpu;
        _handle = NativeTensor.NewGenerator(Device, seed);
    }

    public Device Device { get; }

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>Starts the sequence of another seed.</summary>
    public void Seed(ulong seed) => TorchLibrary.Check(TorchLibrary.SeedGenerator(Handle, seed), "manual_seed");

    public void Dispose()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            TorchLibrary.FreeGenerator(handle);
        }
    }
}
