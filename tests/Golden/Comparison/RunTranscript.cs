using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;

namespace NodeHost.Golden.Comparison;

/// <summary>What a watcher of a run was told and what history keeps, compared with what ComfyUI sent and kept.</summary>
internal sealed partial class RunTranscript : IExecutionEvents
{
    // What NodeHost words itself: texts of exceptions, and tensors printed whole, which the reference calls a quirk.
    private static readonly string[] OwnWords =
    [
        "timestamp",
        "traceback",
        "exception_message",
        "exception_type",
        "current_inputs",
        "current_outputs",
    ];

    private readonly JArray _events = [];

    public void Publish(ExecutionEvent happened)
    {
        if (happened is not (NodePreviewed or NodeTextShown or NodeWarned))
        {
            _events.Add(new JObject { ["type"] = happened.Type, ["data"] = happened.ToJson() });
        }
    }

    /// <summary>Null when the text events of the run itself are the recorded ones.</summary>
    public string? DifferenceOfEvents(JArray recorded)
    {
        var expected = new JArray(
            recorded.Where(message =>
                message["binary"] is null
                && (string?)message["type"] != "status"
                && message["data"]!["node"]?.Type != JTokenType.Null
            )
        );
        return JsonComparison.FirstDifference(Mask(expected), Mask(_events)) is { } difference
            ? $"events{difference}"
            : null;
    }

    /// <summary>Null when the history entry is the recorded one.</summary>
    public static string? DifferenceOfHistory(JToken recorded, RunResult result)
    {
        var expected = (JObject)Mask(recorded);
        var actual = (JObject)Mask(result.ToHistoryEntry(recorded["prompt"]![0]!));
        return JsonComparison.FirstDifference(expected, actual) is { } difference ? $"history{difference}" : null;
    }

    private static JToken Mask(JToken token)
    {
        var masked = token.DeepClone();
        foreach (var property in ((JContainer)masked).DescendantsAndSelf().OfType<JProperty>())
        {
            if (OwnWords.Contains(property.Name))
            {
                property.Value = "(masked)";
            }
            else if (property is { Name: "executed", Value: JArray nodes })
            {
                // ComfyUI takes these out of a set.
                property.Value = new JArray(nodes.OrderBy(node => (string?)node, StringComparer.Ordinal));
            }
            else if (property.Value is JValue { Value: string text } && property.Name == "filename")
            {
                property.Value = TemporaryName().Replace(text, "ComfyUI_temp_");
            }
        }
        return masked;
    }

    [GeneratedRegex("^ComfyUI_temp_[a-z]{5}_")]
    private static partial Regex TemporaryName();
}
