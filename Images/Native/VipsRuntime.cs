using System.Runtime.InteropServices;

namespace NodeHost.Images.Native;

/// <summary>Starts libvips once, at the first picture: loading it takes some 40 ms that a start without pictures should not pay.</summary>
internal static unsafe class VipsRuntime
{
    private static readonly Lazy<bool> Started = new(Start);

    public static void EnsureStarted() => _ = Started.Value;

    /// <summary>Removes and returns what libvips said about the last failure, on one line.</summary>
    public static string TakeError()
    {
        var text = VipsLibrary.TakeErrorText();
        var message = Marshal.PtrToStringUTF8((nint)text) ?? "";
        GObjectLibrary.Free(text);
        return message.Trim().ReplaceLineEndings("; ");
    }

    private static bool Start()
    {
        try
        {
            // Warnings of the decoders go to stderr otherwise; what matters comes back as an error.
            _ = GObjectLibrary.SetEnvironment("VIPS_WARNING", "0", 1);
            if (VipsLibrary.Initialize("nodehost") != 0)
            {
                throw new ImageException(
                    $"libvips: it does not start: {TakeError()}. Reinstall the package libvips42."
                );
            }
        }
        catch (DllNotFoundException missing)
        {
            throw new ImageException(
                "libvips: libvips.so.42 was not found, and pictures are read and written with it. Install it: apt install libvips42.",
                missing
            );
        }

        VipsLibrary.BlockUntrusted(1);
        VipsLibrary.SetConcurrency(1);
        VipsLibrary.SetCacheOperations(0);
        return true;
    }
}
