using Newtonsoft.Json.Linq;

namespace NodeHost.Events;

/// <summary>What a client said it understands, in its first message.</summary>
internal sealed record ClientFeatures
{
    public static ClientFeatures None { get; } = new();

    /// <summary>Frames of type 4; such a client knows texts (type 3) too.</summary>
    public bool SupportsPreviewMetadata { get; init; }

    /// <summary>Only what is exactly <c>true</c> counts.</summary>
    public static ClientFeatures Read(JToken? data) =>
        new()
        {
            SupportsPreviewMetadata =
                data is JObject flags && flags["supports_preview_metadata"] is JValue { Value: true },
        };
}
