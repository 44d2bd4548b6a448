using System.Globalization;
using Microsoft.AspNetCore.Http;
using NodeHost.Images;

namespace NodeHost.Api.Files;

/// <summary>A picture in another form: <c>preview=webp|jpeg[;quality]</c>, <c>channel=rgb|a</c>.</summary>
/// <param name="Format"><c>webp</c>, <c>jpeg</c> or <c>png</c>.</param>
/// <param name="Channel">What is kept: <c>rgb</c>, <c>a</c> or everything.</param>
/// <param name="Quality">1 to 100.</param>
internal sealed record ViewConversion(string Format, string Channel, int Quality)
{
    private const int DefaultQuality = 90;
    private const int PngCompression = 4;

    public string ContentType => $"image/{Format}";

    /// <summary>Null when the file is wanted as it is.</summary>
    public static ViewConversion? Read(IQueryCollection query)
    {
        var channel = query["channel"].ToString();
        if (!query.TryGetValue("preview", out var preview))
        {
            return channel is "rgb" or "a" ? new("png", channel, 0) : null;
        }
        var parts = preview.ToString().Split(';');
        var format = parts[0] == "jpeg" && !channel.Contains('a', StringComparison.Ordinal) ? "jpeg" : "webp";
        var quality = int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : DefaultQuality;
        // What a preview shows is chosen by colours or not; "a" only forces the format that has alpha.
        return new(format, format == "jpeg" || channel == "rgb" ? "rgb" : "", Math.Clamp(quality, 1, 100));
    }

    public byte[] Apply(PixelBuffer picture)
    {
        var wanted = Channel switch
        {
            "rgb" => picture.ToChannels(3),
            "a" => OnlyAlpha(picture),
            _ => picture,
        };
        return Format switch
        {
            "jpeg" => ImageEncoder.Jpeg(wanted, Quality),
            "webp" => ImageEncoder.WebP([wanted], new WebPOptions(Quality)),
            _ => ImageEncoder.Png(wanted, PngCompression),
        };
    }

    private static PixelBuffer OnlyAlpha(PixelBuffer picture)
    {
        var source = picture.ToChannels(4).Data;
        var result = new PixelBuffer(picture.Width, picture.Height, 4);
        for (var alpha = 3; alpha < source.Length; alpha += 4)
        {
            result.Data[alpha] = source[alpha];
        }
        return result;
    }
}
