using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;
using NodeHost.Queue;

namespace NodeHost.Api;

/// <summary>Jobs as <c>/api/jobs</c> shows them.</summary>
internal static class JobJson
{
    public static string NameOf(JobState state) =>
        state switch
        {
            JobState.Pending => "pending",
            JobState.Running => "in_progress",
            JobState.Completed => "completed",
            JobState.Failed => "failed",
            _ => "cancelled",
        };

    /// <summary>Null for a name that is none.</summary>
    public static JobState? StateOf(string name) =>
        Enum.GetValues<JobState>().Cast<JobState?>().FirstOrDefault(state => NameOf(state!.Value) == name);

    public static JObject Write(JobSummary job)
    {
        var written = new JObject
        {
            ["id"] = job.PromptId,
            ["status"] = NameOf(job.State),
            ["priority"] = PromptJson.Parse(job.Number),
            ["create_time"] = job.CreateTime,
        };
        Add(written, "execution_start_time", job.StartTime is { } start ? new JValue(start) : null);
        Add(written, "execution_end_time", job.EndTime is { } end ? new JValue(end) : null);
        Add(written, "execution_error", Read(job.Error));
        written["outputs_count"] = job.OutputsCount;
        written["previewable_outputs_count"] = job.PreviewableOutputsCount;
        Add(written, "preview_output", Read(job.PreviewOutput));
        written["workflow_id"] = job.WorkflowId;
        if (job.Attempts > 1)
        {
            written["attempts"] = job.Attempts;
        }
        return written;
    }

    public static JObject Write(JobDetails job)
    {
        var written = Write(job.Summary);
        written["outputs"] = Read(job.Outputs) ?? new JObject();
        written["execution_status"] = Read(job.Status);
        written["workflow"] = new JObject { ["prompt"] = Read(job.Prompt), ["extra_data"] = Read(job.ExtraData) };
        return written;
    }

    private static void Add(JObject written, string key, JToken? value)
    {
        if (value is not null)
        {
            written[key] = value;
        }
    }

    private static JToken? Read(ReadOnlyMemory<byte>? utf8) =>
        utf8 is { IsEmpty: false } text ? PromptJson.Parse(Encoding.UTF8.GetString(text.Span)) : null;
}
