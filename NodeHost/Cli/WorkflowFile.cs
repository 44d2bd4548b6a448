using Newtonsoft.Json.Linq;
using NodeHost.Graph.Validation;
using NodeHost.Graph.Workflows;
using NodeHost.Workflows;

namespace NodeHost.Cli;

/// <summary>Reads the file that <c>render</c> was given.</summary>
internal static class WorkflowFile
{
    /// <summary>The workflow in a file of any format that <see cref="WorkflowReader"/> reads.</summary>
    /// <param name="path">The file.</param>
    /// <param name="objectInfo">The definitions of all nodes; asked for only if the file is the canvas's.</param>
    /// <exception cref="UsageException">The file is not there or holds no such workflow.</exception>
    public static PromptRequest Read(string path, Func<JObject> objectInfo)
    {
        var reading = new WorkflowReader(objectInfo).Read(Load(path));
        if (!reading.IsConverted)
        {
            throw new UsageException(
                string.Join(Environment.NewLine, reading.Problems.Select(problem => $"{path}: {problem}"))
            );
        }
        var body = reading.Body ?? new JObject { ["prompt"] = reading.Prompt };
        if (!PromptRequestReader.TryRead(body, out var request, out var refusal))
        {
            throw new UsageException($"{path}: {refusal.Error!.Message}. {refusal.Error.Details}");
        }
        if (reading.Canvas is not null)
        {
            // Saved pictures carry it, so that they can be dropped onto the canvas again.
            request.ExtraData["extra_pnginfo"] = new JObject { ["workflow"] = reading.Canvas.DeepClone() };
        }
        return request;
    }

    private static byte[] Load(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: cannot be read: {error.Message}");
        }
    }
}
