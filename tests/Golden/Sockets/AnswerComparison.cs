using Newtonsoft.Json.Linq;
using NodeHost.Golden.Comparison;
using NodeHost.Tests.Server;

namespace NodeHost.Golden.Sockets;

/// <summary>An answer beside the recorded one: status, type, headers, and the body as far as it is part of the contract.</summary>
internal static class AnswerComparison
{
    private static readonly string[] Unequal = ["modified", "created"];

    public static async Task<string?> DifferenceAsync(
        JToken recorded,
        HttpResponseMessage response,
        GoldenFolder folder
    )
    {
        if ((int)response.StatusCode != (int)recorded["status"]!)
        {
            return $"expected status {recorded["status"]}, got {(int)response.StatusCode}";
        }
        var type = response.Content.Headers.ContentType?.ToString();
        if ((string?)recorded["content_type"] is { } wanted && wanted != type)
        {
            return $"expected type {wanted}, got {type}";
        }
        foreach (var (name, value) in (recorded["headers"] as JObject) ?? [])
        {
            var given = response.Headers.Concat(response.Content.Headers).FirstOrDefault(header => header.Key == name);
            if (given.Value is null || string.Join(", ", given.Value) != (string?)value)
            {
                return $"expected {name}: {value}, got {string.Join(", ", given.Value ?? [])}";
            }
        }
        if (recorded["json"] is { } json)
        {
            return Difference(json, await response.ReadJsonAsync());
        }
        var body = await response.Content.ReadAsByteArrayAsync();
        if (recorded["body_file"] is { } file)
        {
            var expected = await File.ReadAllBytesAsync(folder.PathOf("http", (string)file!));
            return PictureDifference(expected, body, type!);
        }
        if (recorded["text"] is JValue { Value: string text })
        {
            return System.Text.Encoding.UTF8.GetString(body) == text ? null : $"expected text '{text}'";
        }
        return (long?)recorded["length"] is 0 && body.Length > 0 ? $"expected no body, got {body.Length} bytes" : null;
    }

    /// <summary>PNG pixels are exact; JPEG and lossy WebP may be two levels off on average.</summary>
    public static string? PictureDifference(byte[] expected, byte[] actual, string type)
    {
        const double LossyTolerance = 2;
        var difference = PictureComparison.MeanDifference(actual, expected);
        var tolerance = type == "image/png" ? 0 : LossyTolerance;
        return difference <= tolerance ? null : $"the picture differs by {difference:0.##} levels on average";
    }

    /// <summary>JSON without what need not be equal; a path is a path wherever it leads.</summary>
    public static string? Difference(JToken recorded, JToken given)
    {
        var (expected, actual) = (Comparable(recorded), Comparable(given));
        return JsonComparison.FirstDifference(expected, actual);
    }

    private static JToken Comparable(JToken token)
    {
        if (token is not JContainer)
        {
            return token;
        }
        var masked = RunTranscript.Comparable(token);
        foreach (var property in ((JContainer)masked).DescendantsAndSelf().OfType<JProperty>().ToArray())
        {
            if (Unequal.Contains(property.Name))
            {
                property.Value = "(masked)";
            }
        }
        return masked;
    }
}
