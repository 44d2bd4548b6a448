using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Validation;

/// <summary>One problem, in the shape in which ComfyUI's clients expect it.</summary>
public sealed record PromptError(string Type, string Message, string Details, JObject ExtraInfo)
{
    public PromptError(string type, string message, string details)
        : this(type, message, details, []) { }

    public JObject ToJson() =>
        new()
        {
            ["type"] = Type,
            ["message"] = Message,
            ["details"] = Details,
            ["extra_info"] = ExtraInfo.DeepClone(),
        };
}
