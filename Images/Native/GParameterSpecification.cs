using System.Runtime.InteropServices;

namespace NodeHost.Images.Native;

/// <summary>The head of GObject's GParamSpec, as far as the type of the property.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GParameterSpecification
{
    public nint Class;
    public nint Name;
    public uint Flags;
    public nuint ValueType;
}
