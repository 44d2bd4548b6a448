using Microsoft.Win32.SafeHandles;

namespace NodeHost.Images.Native;

/// <summary>One reference to a VipsImage: a description of pixels that are computed when they are asked for.</summary>
internal sealed unsafe class VipsImage : SafeHandleZeroOrMinusOneIsInvalid
{
    public VipsImage(nint instance)
        : base(ownsHandle: true) => SetHandle(instance);

    public int Width => VipsLibrary.Width(handle);

    public int Height => VipsLibrary.Height(handle);

    public int Bands => VipsLibrary.Bands(handle);

    public VipsFormat Format => (VipsFormat)VipsLibrary.Format(handle);

    public VipsInterpretation Interpretation => (VipsInterpretation)VipsLibrary.Interpretation(handle);

    /// <summary>Height of one frame where frames lie below one another; else the height.</summary>
    public int PageHeight => VipsLibrary.PageHeight(handle);

    /// <summary>Pages in the file, whether loaded or not.</summary>
    public int PageCount => VipsLibrary.PageCount(handle);

    /// <summary>The EXIF orientation, 1 to 8.</summary>
    public int Orientation => VipsLibrary.Orientation(handle);

    internal nint Instance => handle;

    /// <summary>Copies 8-bit interleaved pixels, one picture of <paramref name="pages"/> frames below one another.</summary>
    public static VipsImage FromPixels(ReadOnlySpan<byte> pixels, int width, int height, int channels, int pages = 1)
    {
        VipsRuntime.EnsureStarted();
        fixed (byte* data = pixels)
        {
            var instance = VipsLibrary.ImageFromMemory(
                data,
                (nuint)pixels.Length,
                width,
                height * pages,
                channels,
                (int)VipsFormat.UnsignedByte
            );
            if (instance == 0)
            {
                throw new ImageException(
                    $"libvips: no picture of {width}x{height} with {channels} channels: {VipsRuntime.TakeError()}."
                );
            }

            if (pages > 1)
            {
                VipsLibrary.SetInt(instance, "page-height", height);
            }

            return new VipsImage(instance);
        }
    }

    public void SetDelays(ReadOnlySpan<int> milliseconds)
    {
        fixed (int* values = milliseconds)
        {
            VipsLibrary.SetIntArray(handle, "delay", values, milliseconds.Length);
        }
    }

    public void SetMetadata(string name, int value) => VipsLibrary.SetInt(handle, name, value);

    /// <summary>Decodes everything; null when the decoder fails, the reason then is in the error text.</summary>
    public byte[]? TryReadPixels()
    {
        nuint length = 0;
        var data = VipsLibrary.WriteToMemory(handle, &length);
        if (data == null)
        {
            return null;
        }

        try
        {
            var pixels = GC.AllocateUninitializedArray<byte>(checked((int)length));
            new ReadOnlySpan<byte>(data, pixels.Length).CopyTo(pixels);
            return pixels;
        }
        finally
        {
            GObjectLibrary.Free(data);
        }
    }

    protected override bool ReleaseHandle()
    {
        GObjectLibrary.Release(handle);
        return true;
    }
}
