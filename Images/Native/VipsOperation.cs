using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NodeHost.Images.Native;

/// <summary>Any operation of libvips by name: set its properties, build it, read its outputs.</summary>
internal sealed unsafe class VipsOperation : SafeHandleZeroOrMinusOneIsInvalid
{
    private const nuint Boolean = 5 << 2;
    private const nuint Int = 6 << 2;
    private const nuint Enum = 12 << 2;
    private const nuint Flags = 13 << 2;

    private readonly string _name;

    public VipsOperation(string name)
        : base(ownsHandle: true)
    {
        VipsRuntime.EnsureStarted();
        _name = name;
        SetHandle(VipsLibrary.NewOperation(name));
        if (IsInvalid)
        {
            throw new ImageException($"libvips: it has no operation '{name}': {VipsRuntime.TakeError()}.");
        }
    }

    /// <summary>Name of the operation that reads these bytes; null when no decoder knows them.</summary>
    public static string? FindLoader(byte* data, int length)
    {
        VipsRuntime.EnsureStarted();
        return Marshal.PtrToStringUTF8((nint)VipsLibrary.FindLoader(data, (nuint)length));
    }

    public bool Has(string property) => Find(property) != null;

    public void Set(string property, bool content) => Set(property, content ? 1 : 0);

    public void Set(string property, int content)
    {
        var value = Start(property);
        switch (GObjectLibrary.Fundamental(value.Type))
        {
            case Boolean:
                GObjectLibrary.SetBoolean(&value, content);
                break;
            case Int:
                GObjectLibrary.SetInt(&value, content);
                break;
            case Enum:
                GObjectLibrary.SetEnum(&value, content);
                break;
            case Flags:
                GObjectLibrary.SetFlags(&value, (uint)content);
                break;
            default:
                throw new ImageException($"libvips: '{property}' of '{_name}' does not take a whole number.");
        }

        Finish(property, value);
    }

    public void Set(string property, VipsImage image)
    {
        var value = Start(property);
        GObjectLibrary.SetObject(&value, image.Instance);
        Finish(property, value);
    }

    public void Set(string property, VipsBlob blob)
    {
        var value = Start(property);
        GObjectLibrary.SetBoxed(&value, blob.Instance);
        Finish(property, value);
    }

    /// <summary>Checks the arguments and prepares the outputs; false when it fails, the reason then is in the error text.</summary>
    public bool TryBuild()
    {
        var built = VipsLibrary.Build(handle);
        if (built == 0)
        {
            return false;
        }

        // What comes back is a reference of its own, even where it is the same operation.
        GObjectLibrary.Release(handle);
        SetHandle(built);
        return true;
    }

    public VipsImage GetImage(string property)
    {
        var value = Start(property);
        GObjectLibrary.GetProperty(handle, property, &value);
        var image = new VipsImage(GObjectLibrary.DuplicateObject(&value));
        GObjectLibrary.Unset(&value);
        return image;
    }

    public byte[] GetBytes(string property)
    {
        var value = Start(property);
        GObjectLibrary.GetProperty(handle, property, &value);
        nuint length = 0;
        var data = VipsLibrary.BlobData(GObjectLibrary.GetBoxed(&value), &length);
        var bytes = new ReadOnlySpan<byte>(data, checked((int)length)).ToArray();
        GObjectLibrary.Unset(&value);
        return bytes;
    }

    protected override bool ReleaseHandle()
    {
        VipsLibrary.ReleaseOutputs(handle);
        GObjectLibrary.Release(handle);
        return true;
    }

    // An instance begins with the pointer to its class.
    private GParameterSpecification* Find(string property) => GObjectLibrary.FindProperty(*(nint*)handle, property);

    private GValue Start(string property)
    {
        var specification = Find(property);
        if (specification == null)
        {
            throw new ImageException($"libvips: operation '{_name}' has no property '{property}'.");
        }

        var value = default(GValue);
        GObjectLibrary.Initialize(&value, specification->ValueType);
        return value;
    }

    private void Finish(string property, GValue value)
    {
        GObjectLibrary.SetProperty(handle, property, &value);
        GObjectLibrary.Unset(&value);
    }
}
