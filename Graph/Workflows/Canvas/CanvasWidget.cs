using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>A widget of a node with its value; also those that only hold a place among the values.</summary>
internal sealed class CanvasWidget(string name, string type, JObject options)
{
    public string Name => name;

    /// <summary>INT, FLOAT, BOOLEAN, STRING, COMBO, MARKDOWN, or empty for a button or control entry.</summary>
    public string Type => type;

    public JObject Options => options;

    /// <summary>Whether the prompt has it; control entries, filters and buttons never get there.</summary>
    public bool IsSent { get; init; } = true;

    /// <summary>Whether <c>widgets_values</c> has an entry for it.</summary>
    public bool IsStored { get; init; } = true;

    public bool IsTextArea => type == "MARKDOWN" || (type == "STRING" && Flag("multiline"));

    public bool IsDynamicPrompt => type == "STRING" && Flag("dynamicPrompts");

    /// <summary>Null means there is no value at all, so no key in the prompt.</summary>
    public JToken? Value { get; set; }

    public bool Flag(string option) => options[option] is JValue { Value: true };
}
