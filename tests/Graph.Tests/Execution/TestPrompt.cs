using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Tests.Execution;

/// <summary>Writes prompts in API format: ids count from 1.</summary>
internal sealed class TestPrompt
{
    public JObject Json { get; } = [];

    /// <summary>Adds a node and gives the link to its first output.</summary>
    public JArray Add(string classType, params (string Input, object Value)[] inputs) =>
        AddAs((Json.Count + 1).ToString(), classType, inputs);

    public JArray AddAs(string id, string classType, params (string Input, object Value)[] inputs)
    {
        Json[id] = new JObject
        {
            ["class_type"] = classType,
            ["inputs"] = new JObject(
                inputs.Select(input => new JProperty(
                    input.Input,
                    input.Value is JToken token ? token.DeepClone() : JToken.FromObject(input.Value)
                ))
            ),
        };
        return new JArray(id, 0);
    }

    public static JArray Slot(JArray link, int slot) => new((string)link[0]!, slot);
}
