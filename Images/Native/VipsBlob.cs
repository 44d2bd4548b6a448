using Microsoft.Win32.SafeHandles;

namespace NodeHost.Images.Native;

/// <summary>A reference to bytes of ours, which must stay where they are until the operation is released.</summary>
internal sealed unsafe class VipsBlob : SafeHandleZeroOrMinusOneIsInvalid
{
    public VipsBlob(byte* data, int length)
        : base(ownsHandle: true) => SetHandle(VipsLibrary.NewBlob(0, data, (nuint)length));

    internal nint Instance => handle;

    protected override bool ReleaseHandle()
    {
        VipsLibrary.ReleaseArea(handle);
        return true;
    }
}
