using System.Buffers.Binary;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;
using NodeHost.Graph.Workflows.Canvas;
using NodeHost.Images.Metadata;

namespace NodeHost.Workflows;

/// <summary>
/// Takes the workflow out of any file that ComfyUI saves one in: JSON in API format (bare, or as the body of <c>POST /prompt</c>)
/// or the canvas's own, PNG, WebP and JPEG pictures, latents and other safetensors. What ran wins over what was drawn.
/// </summary>
/// <param name="objectInfo">The definitions of all nodes, as <c>GET /object_info</c> gives them; asked for only where a canvas is converted.</param>
internal sealed class WorkflowReader(Func<JObject> objectInfo)
{
    private const string PromptKey = "prompt";
    private const string WorkflowKey = "workflow";

    /// <summary>Reads a file. Bad input gives problems, not exceptions.</summary>
    public WorkflowReading Read(ReadOnlyMemory<byte> file)
    {
        try
        {
            if (EmbeddedTexts.Read(file) is { } texts)
            {
                var found = texts.ToLookup(text => text.Keyword, text => text.Text);
                return FromTexts(
                    key => found[key].FirstOrDefault(),
                    "this picture carries no workflow. Choose a picture that ComfyUI saved"
                );
            }
            if (SafetensorsMetadata(file.Span) is { } metadata)
            {
                return FromTexts(
                    key => metadata[key]?.Type == JTokenType.String ? (string?)metadata[key] : null,
                    "this file's metadata carries no workflow. Choose a latent or model that ComfyUI saved"
                );
            }
            return ReadJson(PromptJson.Parse(TextOf(file.Span)));
        }
        catch (JsonException error)
        {
            return WorkflowReading.Of($"not valid JSON: {error.Message}");
        }
    }

    /// <summary>Reads JSON of either format.</summary>
    public WorkflowReading ReadJson(JToken json)
    {
        if (json is not JObject members)
        {
            return WorkflowReading.Of($"expected a workflow (a JSON object of nodes by id), got {json.Type}.");
        }
        if (CanvasConverter.IsCanvas(members))
        {
            return Convert(members);
        }
        return members[PromptKey] is JObject prompt
            ? new WorkflowReading { Prompt = prompt, Body = members }
            : new WorkflowReading { Prompt = members };
    }

    private WorkflowReading FromTexts(Func<string, string?> textOf, string refusal)
    {
        var problems = new List<WorkflowProblem>();
        var canvas = Parse(WorkflowKey);
        if (Parse(PromptKey) is { Count: > 0 } members)
        {
            return ReadJson(members) with { Canvas = canvas };
        }
        return canvas is not null ? ReadJson(canvas)
            : problems.Count > 0 ? new WorkflowReading { Problems = problems }
            : WorkflowReading.Of($"{refusal}.");

        // Other programs use the same names for texts of their own: one that is no JSON must not hide the other.
        JObject? Parse(string key)
        {
            try
            {
                return textOf(key) is { } text ? PromptJson.Parse(text) as JObject : null;
            }
            catch (JsonException error)
            {
                problems.Add(
                    new($"its text '{key}' is not valid JSON: {error.Message} Choose a file that ComfyUI saved.")
                );
                return null;
            }
        }
    }

    private WorkflowReading Convert(JObject canvas)
    {
        try
        {
            var conversion = CanvasConverter.Convert(canvas, objectInfo());
            return conversion.UnknownNodes.Count == 0
                ? new WorkflowReading { Prompt = conversion.Prompt, Canvas = canvas }
                : new WorkflowReading { Canvas = canvas, Problems = [.. conversion.UnknownNodes.Select(Describe)] };
        }
        catch (CanvasException error)
        {
            return WorkflowReading.Of(error.Message) with { Canvas = canvas };
        }
    }

    private static WorkflowProblem Describe(UnknownCanvasNode node) =>
        new($"its class {node.ClassType} does not exist here. Remove, mute or replace the node.")
        {
            NodeId = node.Id,
            ClassType = node.ClassType,
            Title = node.Title,
        };

    private static string TextOf(ReadOnlySpan<byte> file) =>
        Encoding.UTF8.GetString(file.StartsWith(Encoding.UTF8.Preamble) ? file[Encoding.UTF8.Preamble.Length..] : file);

    // The header's length in eight bytes, then the header: an object of tensors, with texts under __metadata__.
    private static JObject? SafetensorsMetadata(ReadOnlySpan<byte> file)
    {
        if (file.Length < 10 || file[8] != (byte)'{')
        {
            return null;
        }
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (length > (ulong)(file.Length - 8))
        {
            return null;
        }
        var header = PromptJson.Parse(Encoding.UTF8.GetString(file.Slice(8, (int)length))) as JObject;
        return header?["__metadata__"] as JObject ?? [];
    }
}
