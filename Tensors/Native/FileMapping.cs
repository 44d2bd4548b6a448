using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NodeHost.Tensors.Native;

/// <summary>
/// A file mapped copy-on-write: reads share the page cache, writes stay private to this process. Counted: the mapping
/// ends when its opener and the last tensor that looks into it have let go.
/// </summary>
/// <remarks>
/// mmap is called directly because <c>MemoryMappedFile</c> reserves swap for private writable mappings, and Linux then
/// refuses a model larger than the machine's memory.
/// </remarks>
internal sealed unsafe partial class FileMapping : IDisposable
{
    private const int ProtectRead = 1;
    private const int ProtectWrite = 2;
    private const int MapPrivate = 2;
    private const int DoNotNeed = 4;

    private readonly nint _address;
    private readonly nuint _length;
    private int _references = 1;

    private FileMapping(nint address, nuint length)
    {
        _address = address;
        _length = length;
    }

    // A safety net for files that handles pass around without an owner: address space, not memory, waits for it.
    ~FileMapping()
    {
        if (_references > 0)
        {
            _ = Unmap(_address, _length);
        }
    }

    private static int MapNoReserve => OperatingSystem.IsLinux() ? 0x4000 : 0x40;

    public nint Address => _address;

    /// <summary>Maps the first <paramref name="length"/> bytes of an open file; the handle may be closed afterwards.</summary>
    public static FileMapping Create(SafeFileHandle file, long length)
    {
        var added = false;
        try
        {
            file.DangerousAddRef(ref added);
            var flags = MapPrivate | MapNoReserve;
            var descriptor = (int)file.DangerousGetHandle();
            var address = Map(0, (nuint)length, ProtectRead | ProtectWrite, flags, descriptor, 0);
            if (address == -1)
            {
                var reason = new Win32Exception(Marshal.GetLastPInvokeError()).Message;
                throw new IOException($"Mapping {length} bytes of a file into memory failed: {reason}.");
            }
            return new FileMapping(address, (nuint)length);
        }
        finally
        {
            if (added)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Counts one more holder; each ends with one <see cref="Dispose"/>.</summary>
    public FileMapping AddReference()
    {
        var seen = Volatile.Read(ref _references);
        while (true)
        {
            ObjectDisposedException.ThrowIf(seen == 0, this);
            var before = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (before == seen)
            {
                return this;
            }
            seen = before;
        }
    }

    /// <summary>Mapped bytes; they are there as long as somebody holds the mapping.</summary>
    public ReadOnlySpan<byte> GetBytes(long offset, int length) => new((byte*)_address + offset, length);

    /// <summary>Takes the pages that lie wholly in a range out of memory; they are read from the file when next used.</summary>
    public void Forget(nint offset, nint length)
    {
        var page = (nint)Environment.SystemPageSize;
        var start = (_address + offset + page - 1) / page * page;
        var end = (_address + offset + length) / page * page;
        if (end > start)
        {
            _ = Advise(start, (nuint)(end - start), DoNotNeed);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            _ = Unmap(_address, _length);
            GC.SuppressFinalize(this);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
