using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Validation;
using NodeHost.Graph.Workflows;
using NodeHost.Graph.Workflows.Canvas;
using NodeHost.Images.Png;

namespace NodeHost.Cli;

/// <summary>Reads the file that <c>render</c> was given.</summary>
internal static class WorkflowFile
{
    /// <summary>A workflow in API format, bare or as the body of <c>POST /prompt</c>, the canvas's own, or a PNG with one in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="objectInfo">The definitions of all nodes; asked for only if the file is the canvas's.</param>
    /// <exception cref="UsageException">The file is not there or holds no such workflow.</exception>
    public static PromptRequest Read(string path, Func<JObject> objectInfo)
    {
        var (json, canvas) = Load(path);
        if (json is not JObject members)
        {
            throw new UsageException($"{path}: expected a workflow (a JSON object of nodes by id), got {json.Type}.");
        }
        if (CanvasConverter.IsCanvas(members))
        {
            canvas = members;
            members = Convert(path, members, objectInfo());
        }
        var body = members["prompt"] is JObject ? members : new JObject { ["prompt"] = members };
        if (!PromptRequestReader.TryRead(body, out var request, out var refusal))
        {
            throw new UsageException($"{path}: {refusal.Error!.Message}. {refusal.Error.Details}");
        }
        if (canvas is not null)
        {
            // Saved pictures carry it, so that they can be dropped onto the canvas again.
            request.ExtraData["extra_pnginfo"] = new JObject { ["workflow"] = canvas.DeepClone() };
        }
        return request;
    }

    private static JObject Convert(string path, JObject canvas, JObject objectInfo)
    {
        try
        {
            var conversion = CanvasConverter.Convert(canvas, objectInfo);
            if (conversion.UnknownNodes.Count == 0)
            {
                return conversion.Prompt;
            }
            var lines = conversion.UnknownNodes.Select(node =>
                $"{path}: node #{node.Id}{(node.Title is null ? "" : $" ('{node.Title}')")}: "
                + $"its class {node.ClassType} does not exist here. Remove, mute or replace the node."
            );
            throw new UsageException(string.Join(Environment.NewLine, lines));
        }
        catch (CanvasException error)
        {
            throw new UsageException($"{path}: {error.Message}");
        }
    }

    private static (JToken Json, JObject? Canvas) Load(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return IsPng(bytes) ? FromPicture(path, bytes) : (PromptJson.Parse(File.ReadAllText(path)), null);
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

    /// <summary>What ran wins over what was drawn; the drawing is kept to be saved again.</summary>
    private static (JToken Json, JObject? Canvas) FromPicture(string path, byte[] bytes)
    {
        var texts = PngTextChunks.Read(bytes);
        var prompt = texts.FirstOrDefault(text => text.Keyword == "prompt");
        var workflow = texts.FirstOrDefault(text => text.Keyword == "workflow");
        var canvas = workflow is null ? null : PromptJson.Parse(workflow.Text) as JObject;
        if (prompt is not null)
        {
            return (PromptJson.Parse(prompt.Text), canvas);
        }
        return canvas is not null
            ? (canvas, null)
            : throw new UsageException(
                $"{path}: this picture carries no workflow. Render a picture that ComfyUI saved."
            );
    }

    private static bool IsPng(byte[] bytes) => bytes is [0x89, (byte)'P', (byte)'N', (byte)'G', ..];
}
