using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;
using NodeHost.Graph.Workflows;
using NodeHost.Storage;

namespace NodeHost.Queue;

/// <summary>Turns the end of a run into what history keeps and lists show.</summary>
internal static class JobOutcomes
{
    private static readonly string[] PreviewableKinds = ["images", "video", "gifs", "audio", "3d"];

    public static JobOutcome From(RunResult result, DateTimeOffset start, DateTimeOffset end)
    {
        var files = FilesOf(result).ToArray();
        var preview = files.FirstOrDefault(file => (string?)file["type"] == "output") ?? files.FirstOrDefault();
        return new()
        {
            State = result.Status switch
            {
                RunStatus.Succeeded => JobState.Completed,
                RunStatus.Interrupted => JobState.Cancelled,
                _ => JobState.Failed,
            },
            StartTime = start.ToUnixTimeMilliseconds(),
            EndTime = end.ToUnixTimeMilliseconds(),
            Outputs = Bytes(result.OutputsToJson()),
            Status = Bytes(result.StatusToJson()),
            Meta = Bytes(result.MetaToJson()),
            Error = result.Messages.OfType<ExecutionFailed>().LastOrDefault() is { } failed
                ? Bytes(failed.ToJson())
                : null,
            PreviewOutput = preview is null ? null : Bytes(preview),
            OutputsCount = result.Displays.Sum(display =>
                display.Output.PropertyValues().OfType<JArray>().Sum(items => items.Count)
            ),
            PreviewableOutputsCount = files.Length,
            CacheExplanation = Bytes(result.DecisionsToJson()),
        };
    }

    /// <summary>For a job that the server itself ended.</summary>
    public static JobOutcome Failed(string promptId, string type, string reason, DateTimeOffset time)
    {
        var failed = Failure(promptId, type, reason, time);
        var status = new JObject
        {
            ["status_str"] = "error",
            ["completed"] = false,
            // Not new JArray(new JArray(...)), which copies the inner one.
            ["messages"] = new JArray { new JArray(failed.Type, failed.ToJson()) },
        };
        return new()
        {
            State = JobState.Failed,
            StartTime = time.ToUnixTimeMilliseconds(),
            EndTime = time.ToUnixTimeMilliseconds(),
            Outputs = "{}"u8.ToArray(),
            Status = Bytes(status),
            Meta = "{}"u8.ToArray(),
            Error = Bytes(failed.ToJson()),
        };
    }

    /// <summary>What clients are told of such a job.</summary>
    public static ExecutionFailed Failure(string promptId, string type, string reason, DateTimeOffset time) =>
        new(
            promptId,
            new()
            {
                NodeId = "",
                NodeType = "",
                ExceptionType = type,
                ExceptionMessage = reason + "\n",
            },
            time.ToUnixTimeMilliseconds()
        );

    private static IEnumerable<JObject> FilesOf(RunResult result) =>
        from display in result.Displays
        from kind in display.Output.Properties()
        where PreviewableKinds.Contains(kind.Name) && kind.Value is JArray
        from file in kind.Value.OfType<JObject>()
        where file.ContainsKey("filename")
        select new JObject(file.Properties()) { ["nodeId"] = display.NodeId, ["mediaType"] = kind.Name };

    private static byte[] Bytes(JToken json) => Encoding.UTF8.GetBytes(PromptJson.Write(json));
}
