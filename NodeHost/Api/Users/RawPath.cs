using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace NodeHost.Api.Users;

/// <summary>Segments of the address as they were sent: Kestrel decodes all escapes but that of the slash, which here is part of a name.</summary>
internal static class RawPath
{
    /// <summary>The segment that follows the <paramref name="marker"/>, decoded; what is still encoded then is decoded once more, as ComfyUI does.</summary>
    public static string Segment(HttpContext context, string marker)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = target.Split('?', '#')[0];
        var segments = path.Split('/');
        var index = Array.FindIndex(segments, segment => segment.Equals(marker, StringComparison.OrdinalIgnoreCase));
        return index < 0 || index + 1 >= segments.Length ? "" : Decode(segments[index + 1]);
    }

    public static string Decode(string segment)
    {
        var once = Uri.UnescapeDataString(segment);
        return once.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(once) : once;
    }
}
