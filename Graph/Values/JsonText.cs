using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Values;

/// <summary>Text that may be absent. Newtonsoft makes a null of type String of it, which equals no parsed null.</summary>
internal static class JsonText
{
    public static JValue OrNull(string? text) => text is null ? JValue.CreateNull() : new JValue(text);
}
