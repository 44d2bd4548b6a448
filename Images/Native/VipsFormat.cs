namespace NodeHost.Images.Native;

/// <summary>libvips' number formats of a band.</summary>
internal enum VipsFormat
{
    UnsignedByte = 0,
    UnsignedShort = 2,
}
