using System.ComponentModel;
using System.Runtime.InteropServices;

namespace NodeHost.Tensors.Native;

/// <summary>A second name for a file. The kernel gives it out whole and once, which is what .NET's move does not promise.</summary>
public static partial class HardLink
{
    private const int AlreadyExists = 17;

    /// <summary>Moves a finished file to a name that nobody has; false when somebody has it. No half file and no empty one is ever seen.</summary>
    public static bool TryMoveToNew(string source, string target)
    {
        if (OperatingSystem.IsWindows())
        {
            return TryMove(source, target);
        }
        if (Link(source, target) == 0)
        {
            File.Delete(source);
            return true;
        }
        var error = Marshal.GetLastPInvokeError();
        if (error == AlreadyExists)
        {
            return false;
        }
        // File systems without links (FAT, some of networks): the next best.
        return File.Exists(source)
            ? TryMove(source, target)
            : throw new IOException($"Moving {source} to {target} failed: {new Win32Exception(error).Message}.");
    }

    private static bool TryMove(string source, string target)
    {
        try
        {
            File.Move(source, target, overwrite: false);
            return true;
        }
        catch (IOException) when (Path.Exists(target))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string created);
}
