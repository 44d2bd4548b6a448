using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Validation;
using NodeHost.Graph.Workflows;

namespace NodeHost.Cli;

/// <summary>Reads the file that <c>render</c> was given.</summary>
internal static class WorkflowFile
{
    /// <summary>A workflow in API format, bare or as the body of <c>POST /prompt</c>.</summary>
    /// <exception cref="UsageException">The file is not there or holds no such workflow.</exception>
    public static PromptRequest Read(string path)
    {
        var json = Parse(path);
        if (json is not JObject members)
        {
            throw new UsageException($"{path}: expected a workflow (a JSON object of nodes by id), got {json.Type}.");
        }
        if (members["nodes"] is JArray && members["links"] is JArray)
        {
            throw new UsageException(
                $"{path}: this is the canvas's own format, which is not supported yet. In ComfyUI use Workflow > Export (API) and render that file."
            );
        }
        var body = members["prompt"] is JObject ? members : new JObject { ["prompt"] = members };
        return PromptRequestReader.TryRead(body, out var request, out var refusal)
            ? request
            : throw new UsageException($"{path}: {refusal.Error!.Message}. {refusal.Error.Details}");
    }

    private static JToken Parse(string path)
    {
        try
        {
            return PromptJson.Parse(File.ReadAllText(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: cannot be read: {error.Message}");
        }
        catch (JsonException error)
        {
            throw new UsageException($"{path}: not valid JSON: {error.Message}");
        }
    }
}
