using System.Security.Cryptography;
using NodeHost.Images;

namespace NodeHost.Tests.Images;

/// <summary>Pictures made by rule, so that Pillow could be asked about the very same ones.</summary>
internal static class SyntheticPicture
{
    public static PixelBuffer Noise(int width, int height, int channels)
    {
        var picture = new PixelBuffer(width, height, channels);
        var state = 1u;
        for (var i = 0; i < picture.Data.Length; i++)
        {
            state = (state * 1664525) + 1013904223;
            picture.Data[i] = (byte)(state >> 24);
        }

        return picture;
    }

    public static PixelBuffer Smooth()
    {
        var picture = new PixelBuffer(64, 48, 3);
        for (var y = 0; y < 48; y++)
        {
            for (var x = 0; x < 64; x++)
            {
                var pixel = picture.Row(y).Slice(x * 3, 3);
                (pixel[0], pixel[1], pixel[2]) = ((byte)(x * 4), (byte)(y * 5), (byte)(x * y / 12));
            }
        }

        return picture;
    }

    /// <summary>The first sixteen hexadecimal digits of the SHA-256 of the pixels.</summary>
    public static string Digest(PixelBuffer picture) =>
        Convert.ToHexString(SHA256.HashData(picture.Data))[..16].ToLowerInvariant();
}
