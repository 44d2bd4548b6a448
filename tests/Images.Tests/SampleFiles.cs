using System.Buffers.Binary;
using System.IO.Compression;
using NodeHost.Images.Png;

namespace NodeHost.Tests.Images;

/// <summary>Small files written by Pillow 9.4, and PNG files put together by hand.</summary>
internal static class SampleFiles
{
    /// <summary>2x2, ink (10, 100, 200, 50), which Pillow reads as RGB (197, 125, 44).</summary>
    public static byte[] CmykJpeg { get; } =
        Convert.FromBase64String(
            "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgAAgACBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD91K9sr826/TSv/9k="
        );

    /// <summary>16x8 stored, left half red, right half black; to be turned by 90 degrees clockwise.</summary>
    public static byte[] TurnedJpeg { get; } =
        Convert.FromBase64String(
            "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAIABADASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD50r41oor4bhj/AJff9u/+3H9U+Of/ADLf+4v/ALiP/9k="
        );

    /// <summary>Pixels (1, 2, 3, 255) and (200, 100, 50, 128).</summary>
    public static byte[] TransparentWebP { get; } =
        Convert.FromBase64String("UklGRigAAABXRUJQVlA4TBsAAAAvAQAAEA9wAbE9Jsi2DW070B/4H+yHCkT0PwAA");

    /// <summary>Frames of 4x3: red, green, blue.</summary>
    public static byte[] AnimatedGif { get; } =
        Convert.FromBase64String(
            "R0lGODlhBAADAIEAAP8AAAAAAAAAAAAAACH5BAAFAAAALAAAAAAEAAMAAAgIAAEIHEhQYEAAIfkEAAUAAAAsAAAAAAQAAwCBAP8AAAAAAAAAAAAACAgAAQgcSFBgQAAh+QQABQAAACwAAAAABAADAIEAAP8AAAAAAAAAAAAICAABCBxIUGBAADs="
        );

    /// <summary>3x2 with values 0, 10, 20 ...; the same turned by 180 degrees; a page of 5x5.</summary>
    public static byte[] PagedTiff { get; } =
        Convert.FromBase64String(
            "SUkqAAgAAAAKAAABBAABAAAAAwAAAAEBBAABAAAAAgAAAAIBAwADAAAAhgAAAAMBAwABAAAAAQAAAAYBAwABAAAAAgAAABEBBAABAAAAjAAAABUBAwABAAAAAwAAABYBBAABAAAAAgAAABcBBAABAAAAEgAAABwBAwABAAAAAQAAAKgAAAAIAAgACAAAChQeKDI8RlBaZG54goyWoKoAAElJKgAIAAAACgAAAQQAAQAAAAMAAAABAQQAAQAAAAIAAAACAQMAAwAAACYBAAADAQMAAQAAAAEAAAAGAQMAAQAAAAIAAAARAQQAAQAAACwBAAAVAQMAAQAAAAMAAAAWAQQAAQAAAAIAAAAXAQQAAQAAABIAAAAcAQMAAQAAAAEAAABIAQAACAAIAAgAlqCqeIKMWmRuPEZQHigyAAoUAABJSSoACAAAAAoAAAEEAAEAAAAFAAAAAQEEAAEAAAAFAAAAAgEDAAMAAADGAQAAAwEDAAEAAAABAAAABgEDAAEAAAACAAAAEQEEAAEAAADMAQAAFQEDAAEAAAADAAAAFgEEAAEAAAAFAAAAFwEEAAEAAABLAAAAHAEDAAEAAAABAAAAAAAAAAgACAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
        );

    /// <summary>3x2 with values 0, 10, 20 ...</summary>
    public static byte[] Bitmap { get; } =
        Convert.FromBase64String(
            "Qk1OAAAAAAAAADYAAAAoAAAAAwAAAAIAAAABABgAAAAAABgAAADEDgAAxA4AAAAAAAAAAAAAbmRajIJ4qqCWAAAAFAoAMigeUEY8AAAA"
        );

    /// <summary>A PNG with the given rows, unfiltered, and further chunks before the pixels.</summary>
    public static byte[] Png(
        int width,
        int height,
        int bitDepth,
        int colourType,
        byte[][] rows,
        params (string Type, byte[] Data)[] chunks
    )
    {
        using var file = new MemoryStream();
        file.Write(PngChunk.Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)bitDepth, (byte)colourType);
        new PngChunk("IHDR", header).WriteTo(file);
        foreach (var (type, data) in chunks)
        {
            new PngChunk(type, data).WriteTo(file);
        }

        using var packed = new MemoryStream();
        using (var compressor = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var row in rows)
            {
                compressor.WriteByte(0);
                compressor.Write(row);
            }
        }

        new PngChunk("IDAT", packed.ToArray()).WriteTo(file);
        new PngChunk("IEND", default).WriteTo(file);
        return file.ToArray();
    }
}
