using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;

namespace NodeHost.Golden.Comparison;

/// <summary>What a watcher of a run was told and what history keeps, compared with what ComfyUI sent and kept.</summary>
/// <param name="messageIsFree">The case's about.txt leaves the words of the error open.</param>
internal sealed partial class RunTranscript(bool messageIsFree = false) : IExecutionEvents
{
    // The golden README's list of what need not be equal.
    private static readonly string[] Unequal = ["timestamp", "traceback"];

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
        return
            JsonComparison.FirstDifference(Comparable(expected, messageIsFree), Comparable(_events, messageIsFree))
                is { } difference
            ? $"events{difference}"
            : null;
    }

    /// <summary>Null when the history entry is the recorded one.</summary>
    public string? DifferenceOfHistory(JToken recorded, RunResult result)
    {
        var expected = (JObject)Comparable(recorded, messageIsFree);
        var actual = (JObject)Comparable(result.ToHistoryEntry(recorded["prompt"]![0]!), messageIsFree);
        return JsonComparison.FirstDifference(expected, actual) is { } difference ? $"history{difference}" : null;
    }

    /// <summary>Events or history without what need not be equal, and what ComfyUI takes out of sets in an order of its own.</summary>
    public static JToken Comparable(JToken token, bool messageIsFree = false)
    {
        var masked = token.DeepClone();
        foreach (var property in ((JContainer)masked).DescendantsAndSelf().OfType<JProperty>())
        {
            if (Unequal.Contains(property.Name) || (messageIsFree && property.Name == "exception_message"))
            {
                property.Value = "(masked)";
            }
            else if (property is { Name: "executed" or "current_outputs", Value: JArray nodes })
            {
                property.Value = new JArray(nodes.OrderBy(node => (string?)node, StringComparer.Ordinal));
            }
            else if (property is { Name: "current_inputs", Value: JObject inputs })
            {
                foreach (var value in inputs.Descendants().OfType<JValue>().Where(value => value.Value is string))
                {
                    value.Value = Address().Replace((string)value!, " at 0x");
                }
            }
            else if (property.Value is JValue { Value: string text } && property.Name == "filename")
            {
                property.Value = TemporaryName().Replace(text, "ComfyUI_temp_");
            }
        }
        return masked;
    }

    [GeneratedRegex(" at 0x[0-9a-f]+")]
    private static partial Regex Address();

    [GeneratedRegex("^ComfyUI_temp_[a-z]{5}_")]
    private static partial Regex TemporaryName();
}
