using System.Globalization;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using NodeHost.Golden.Comparison;
using NodeHost.Golden.Sockets;
using NodeHost.Graph.Workflows;

namespace NodeHost.Golden.Sessions;

/// <summary>What a page was sent in one phase, beside what it was sent when the session was recorded.</summary>
/// <remarks>
/// In a phase whose run is cut short, how many steps are made depends on timing: there the recorded messages, each
/// kind of step once, must come in their order, and nothing but steps may come between them.
/// </remarks>
internal sealed partial class SessionMessages
{
    private readonly JObject[] _recorded;
    private readonly bool _isTimed;

    public SessionMessages(JToken phase)
    {
        _recorded = [.. phase["ws"]!.Where(message => message["open"] is null).SelectMany(Read)];
        _isTimed = _recorded.Any(message => (int?)message.SelectToken("data.max") == SessionBodies.LongSteps);
    }

    public bool IsEmpty => _recorded.Length == 0;

    /// <summary>Whether the run went on before anything else was heard of it.</summary>
    public bool BeginsWithSteps => Only(_recorded, isStatus: false).FirstOrDefault() is { } first && IsStep(first);

    /// <summary>Null when the page was sent what is recorded.</summary>
    /// <param name="given">The text messages so far.</param>
    /// <param name="placeholders">What stands for the ids in them.</param>
    public string? Difference(IReadOnlyList<JObject> given, IReadOnlyDictionary<string, string> placeholders)
    {
        var actual = given
            .Select(message =>
            {
                var masked = (JObject)SessionText.Masked(message, placeholders);
                masked["characters"] = SessionText.Length(message);
                return masked;
            })
            .ToArray();
        return InOrder("status ", Only(_recorded, isStatus: true), Only(actual, isStatus: true), mayStep: false)
            ?? InOrder("", Only(_recorded, isStatus: false), Only(actual, isStatus: false), _isTimed);
    }

    private static IEnumerable<JObject> Only(IEnumerable<JObject> messages, bool isStatus) =>
        messages.Where(message => isStatus == ((string?)message["type"] == "status"));

    private static string? InOrder(string kind, IEnumerable<JObject> recorded, IEnumerable<JObject> given, bool mayStep)
    {
        var expected = (mayStep ? EachStepOnce(recorded) : recorded).ToArray();
        var rest = new Queue<JObject>(mayStep ? given.Select(Uncounted) : given);
        foreach (var message in expected)
        {
            while (true)
            {
                if (!rest.TryDequeue(out var next))
                {
                    return $"{kind}messages: {PromptJson.Write(message)} did not come";
                }
                if (Difference(message, next) is not { } difference)
                {
                    break;
                }
                if (!(mayStep && IsStep(next)))
                {
                    return $"{kind}message {message["type"]}{difference}";
                }
            }
        }
        return rest.FirstOrDefault(message => !(mayStep && IsStep(message))) is { } other
            ? $"{kind}messages: {PromptJson.Write(other)} is one too many"
            : null;
    }

    /// <summary>Of a message that is not recorded whole, its type and, where known, its length are compared.</summary>
    private static string? Difference(JObject expected, JObject given)
    {
        var (wanted, comparable) = ((JObject)expected.DeepClone(), (JObject)given.DeepClone());
        if (!wanted.Remove("isPartial"))
        {
            comparable.Remove("characters");
        }
        else
        {
            comparable.Remove("data");
            _ = wanted.ContainsKey("characters") || comparable.Remove("characters");
        }
        return JsonComparison.FirstDifference(
            SocketTranscript.Comparable(wanted, messageIsFree: false),
            SocketTranscript.Comparable(comparable, messageIsFree: false)
        );
    }

    private static IEnumerable<JObject> EachStepOnce(IEnumerable<JObject> messages)
    {
        var seen = new HashSet<string>();
        return messages
            .Select(Uncounted)
            .Where(message =>
                !message.Descendants().OfType<JObject>().Any(IsCounter) || seen.Add(PromptJson.Write(message))
            );
    }

    /// <summary>A message without how far the step counters in it are.</summary>
    private static JObject Uncounted(JObject message)
    {
        var step = (JObject)message.DeepClone();
        foreach (var counter in step.Descendants().OfType<JObject>().Where(IsCounter))
        {
            counter["value"] = 0;
        }
        return step;
    }

    private static bool IsCounter(JObject item) => item["max"] is JValue { Value: long and > 1 };

    public static bool IsStep(JObject message) => (string?)message["type"] is "progress" or "progress_state";

    private static IEnumerable<JObject> Read(JToken message)
    {
        if ((string?)message["repeated_type"] is { } type)
        {
            return Enumerable.Repeat(new JObject { ["type"] = type, ["isPartial"] = true }, (int)message["times"]!);
        }
        var text = (string)message["received"]!;
        return CutShort().Match(text) is { Success: true } cut
            ?
            [
                new JObject
                {
                    ["type"] = cut.Groups["type"].Value,
                    ["characters"] = int.Parse(cut.Groups["length"].Value, CultureInfo.InvariantCulture),
                    ["isPartial"] = true,
                },
            ]
            : [(JObject)PromptJson.Parse(text)];
    }

    [GeneratedRegex("^\\{\"type\": \"(?<type>[a-z_]+)\".*…\\((?<length>[0-9]+) characters\\)$")]
    private static partial Regex CutShort();
}
