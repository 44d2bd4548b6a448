using System.Buffers.Binary;
using System.Text;

namespace NodeHost.Tests.Tensors.Safetensors;

/// <summary>Files put together by hand, so that they can be wrong.</summary>
internal static class RawSafetensors
{
    public static byte[] Make(string header, int dataLength = 0) => Make(Encoding.UTF8.GetBytes(header), dataLength);

    public static byte[] Make(byte[] header, int dataLength = 0, ulong? announced = null)
    {
        var file = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, announced ?? (ulong)header.Length);
        header.CopyTo(file, 8);
        for (var index = 0; index < dataLength; index++)
        {
            file[8 + header.Length + index] = (byte)index;
        }
        return file;
    }
}
