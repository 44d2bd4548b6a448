using System.Buffers.Binary;
using NodeHost.Images;
using NodeHost.Images.Png;

namespace NodeHost.Tests.Server;

/// <summary>Small pictures to upload and to look at.</summary>
internal static class Pictures
{
    private const int Width = 8;
    private const int Height = 6;

    /// <summary>8x6 pixels with colours and alpha that differ from point to point.</summary>
    public static byte[] Rgba(byte seed = 0, IReadOnlyList<PngText>? texts = null)
    {
        var picture = new PixelBuffer(Width, Height, 4);
        for (var pixel = 0; pixel < Width * Height; pixel++)
        {
            picture.Data[pixel * 4] = (byte)(pixel + seed);
            picture.Data[(pixel * 4) + 1] = (byte)(pixel * 3);
            picture.Data[(pixel * 4) + 2] = 200;
            picture.Data[(pixel * 4) + 3] = Alpha(pixel);
        }
        return ImageEncoder.Png(picture, 4, texts);
    }

    public static byte Alpha(int pixel) => (byte)(255 - pixel);

    /// <summary>A bitmap whose header claims a size and that has no pixels.</summary>
    public static byte[] Claiming(int width, int height)
    {
        var file = new byte[54];
        "BM"u8.CopyTo(file);
        file[10] = 54;
        file[14] = 40;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        file[26] = 1;
        file[28] = 24;
        return file;
    }
}
