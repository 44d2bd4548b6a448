using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Execution;
using NodeHost.Graph.Workflows;
using NodeHost.Storage;

namespace NodeHost.Queue;

/// <summary>Reads a job out of the store as the executor takes it.</summary>
internal static class JobRequests
{
    public static RunRequest Read(StoredJob job) =>
        new(job.PromptId, (JObject)Parse(job.Prompt), [.. Parse(job.Outputs).Select(output => (string)output!)])
        {
            ExtraData = (JObject)Parse(job.ExtraData),
            Secrets = job.Secrets is { } secrets ? (JObject)Parse(secrets) : [],
        };

    private static JToken Parse(byte[] json) => PromptJson.Parse(Encoding.UTF8.GetString(json));
}
