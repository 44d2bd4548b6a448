using System.Text;
using NodeHost.Queue;
using NodeHost.Storage;

namespace NodeHost.Tests.Server.Storage;

/// <summary>Jobs and outcomes for tests of the store.</summary>
internal static class StoredJobs
{
    public static NewJob Job(string promptId, double number = 0, string? workflowId = null, long createTime = 1000) =>
        new()
        {
            PromptId = promptId,
            Number = number,
            NumberJson = JobNumbers.ToJson(number),
            CreateTime = createTime,
            WorkflowId = workflowId,
            Prompt = Bytes("""{"1":{"class_type":"é"}}"""),
            ExtraData = Bytes("{}"),
            Outputs = Bytes("""["1"]"""),
        };

    public static JobOutcome Outcome(JobState state = JobState.Completed, long duration = 10, string outputs = "{}") =>
        new()
        {
            State = state,
            StartTime = 2000,
            EndTime = 2000 + duration,
            Outputs = Bytes(outputs),
            Status = Bytes("""{"status_str":"success"}"""),
            Meta = Bytes("{}"),
        };

    /// <summary>A job on its way through the store into history.</summary>
    public static async Task<long> FinishedAsync(this IJobStore store, NewJob job, JobOutcome? outcome = null)
    {
        var added = await store.AddAsync(job);
        store.Start(added.Id, 2000);
        await store.FinishAsync(added.Id, outcome ?? Outcome());
        return added.Id;
    }

    public static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
