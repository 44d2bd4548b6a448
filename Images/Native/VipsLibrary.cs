using System.Runtime.InteropServices;

namespace NodeHost.Images.Native;

/// <summary>The calls of libvips 8.14 that have no variable arguments.</summary>
internal static unsafe partial class VipsLibrary
{
    private const string Vips = "libvips.so.42";

    [LibraryImport(Vips, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Initialize(string programName);

    [LibraryImport(Vips, EntryPoint = "vips_block_untrusted_set")]
    internal static partial void BlockUntrusted(int state);

    [LibraryImport(Vips, EntryPoint = "vips_concurrency_set")]
    internal static partial void SetConcurrency(int threads);

    [LibraryImport(Vips, EntryPoint = "vips_cache_set_max")]
    internal static partial void SetCacheOperations(int count);

    /// <summary>Bytes of pixels that libvips holds; tests compare it before and after.</summary>
    [LibraryImport(Vips, EntryPoint = "vips_tracked_get_mem")]
    internal static partial nuint TrackedBytes();

    [LibraryImport(Vips, EntryPoint = "vips_error_buffer_copy")]
    internal static partial byte* TakeErrorText();

    [LibraryImport(Vips, EntryPoint = "vips_foreign_find_load_buffer")]
    internal static partial byte* FindLoader(byte* data, nuint length);

    [LibraryImport(Vips, EntryPoint = "vips_operation_new", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint NewOperation(string name);

    [LibraryImport(Vips, EntryPoint = "vips_cache_operation_build")]
    internal static partial nint Build(nint operation);

    [LibraryImport(Vips, EntryPoint = "vips_object_unref_outputs")]
    internal static partial void ReleaseOutputs(nint operation);

    [LibraryImport(Vips, EntryPoint = "vips_blob_new")]
    internal static partial nint NewBlob(nint free, void* data, nuint length);

    [LibraryImport(Vips, EntryPoint = "vips_blob_get")]
    internal static partial byte* BlobData(nint blob, nuint* length);

    [LibraryImport(Vips, EntryPoint = "vips_area_unref")]
    internal static partial void ReleaseArea(nint area);

    [LibraryImport(Vips, EntryPoint = "vips_image_new_from_memory_copy")]
    internal static partial nint ImageFromMemory(
        void* data,
        nuint length,
        int width,
        int height,
        int bands,
        int format
    );

    [LibraryImport(Vips, EntryPoint = "vips_image_write_to_memory")]
    internal static partial byte* WriteToMemory(nint image, nuint* length);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_width")]
    internal static partial int Width(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_height")]
    internal static partial int Height(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_bands")]
    internal static partial int Bands(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_format")]
    internal static partial int Format(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_interpretation")]
    internal static partial int Interpretation(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_page_height")]
    internal static partial int PageHeight(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_n_pages")]
    internal static partial int PageCount(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_orientation")]
    internal static partial int Orientation(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_set_int", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetInt(nint image, string name, int value);

    [LibraryImport(Vips, EntryPoint = "vips_image_set_array_int", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetIntArray(nint image, string name, int* values, int count);
}
