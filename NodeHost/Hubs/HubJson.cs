using System.Text.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Hubs;

/// <summary>Between the JSON of the house and the JSON of SignalR's protocol.</summary>
internal static class HubJson
{
    public static JsonElement Element(JToken token)
    {
        using var document = JsonDocument.Parse(PromptJson.Write(token));
        return document.RootElement.Clone();
    }

    public static JToken Token(JsonElement element) => PromptJson.Parse(element.GetRawText());
}
