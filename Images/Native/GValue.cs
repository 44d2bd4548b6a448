using System.Runtime.InteropServices;

namespace NodeHost.Images.Native;

/// <summary>GObject's tagged value: a type and two machine words.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GValue
{
    public nuint Type;
    private readonly ulong _first;
    private readonly ulong _second;
}
