using System.Runtime.InteropServices;

namespace NodeHost.Images.Native;

/// <summary>The few calls of GLib and GObject that libvips' generic operation interface needs.</summary>
internal static unsafe partial class GObjectLibrary
{
    private const string GLib = "libglib-2.0.so.0";
    private const string GObject = "libgobject-2.0.so.0";

    [LibraryImport(GLib, EntryPoint = "g_setenv", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport(GLib, EntryPoint = "g_free")]
    internal static partial void Free(void* memory);

    [LibraryImport(GObject, EntryPoint = "g_object_unref")]
    internal static partial void Release(nint instance);

    [LibraryImport(GObject, EntryPoint = "g_object_class_find_property", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial GParameterSpecification* FindProperty(nint objectClass, string name);

    [LibraryImport(GObject, EntryPoint = "g_object_set_property", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetProperty(nint instance, string name, GValue* value);

    [LibraryImport(GObject, EntryPoint = "g_object_get_property", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void GetProperty(nint instance, string name, GValue* value);

    [LibraryImport(GObject, EntryPoint = "g_type_fundamental")]
    internal static partial nuint Fundamental(nuint type);

    [LibraryImport(GObject, EntryPoint = "g_value_init")]
    internal static partial GValue* Initialize(GValue* value, nuint type);

    [LibraryImport(GObject, EntryPoint = "g_value_unset")]
    internal static partial void Unset(GValue* value);

    [LibraryImport(GObject, EntryPoint = "g_value_set_boolean")]
    internal static partial void SetBoolean(GValue* value, int content);

    [LibraryImport(GObject, EntryPoint = "g_value_set_int")]
    internal static partial void SetInt(GValue* value, int content);

    [LibraryImport(GObject, EntryPoint = "g_value_set_enum")]
    internal static partial void SetEnum(GValue* value, int content);

    [LibraryImport(GObject, EntryPoint = "g_value_set_flags")]
    internal static partial void SetFlags(GValue* value, uint content);

    [LibraryImport(GObject, EntryPoint = "g_value_set_boxed")]
    internal static partial void SetBoxed(GValue* value, nint content);

    [LibraryImport(GObject, EntryPoint = "g_value_set_object")]
    internal static partial void SetObject(GValue* value, nint content);

    [LibraryImport(GObject, EntryPoint = "g_value_dup_object")]
    internal static partial nint DuplicateObject(GValue* value);

    [LibraryImport(GObject, EntryPoint = "g_value_get_boxed")]
    internal static partial nint GetBoxed(GValue* value);
}
