using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;
using NodeHost.Server;
using NodeHost.Workflows;

namespace NodeHost.Api.Files;

/// <summary><c>/workflow/convert</c>: a workflow of any kind of file in, the API format that <c>/prompt</c> takes out.</summary>
internal static class ConvertRoutes
{
    public static void Map(RouteTable routes, ServerServices services) =>
        routes.Post("/workflow/convert", context => ConvertAsync(context, services));

    private static async Task ConvertAsync(HttpContext context, ServerServices services)
    {
        var nodes = services.Nodes;
        var file = await ReadAsync(context, services.Options);
        var reading = new WorkflowReader(() => nodes.Catalogue.ObjectInfo(nodes.Services)).Read(file);
        if (!reading.IsConverted)
        {
            await Reply.Json(
                context,
                new JObject { ["problems"] = new JArray(reading.Problems.Select(Describe)) },
                StatusCodes.Status400BadRequest
            );
            return;
        }
        JsonLimits.CheckPrompt(reading.Prompt, services.Options.Limits);
        var answer = new JObject { ["prompt"] = reading.Prompt.DeepClone() };
        if (reading.Canvas is { } canvas)
        {
            // For extra_data.extra_pnginfo.workflow, so that saved pictures can be dropped onto the canvas again.
            answer["workflow"] = canvas.DeepClone();
        }
        await Reply.Json(context, answer);
    }

    /// <summary>The body, or the first file of a form.</summary>
    private static async Task<byte[]> ReadAsync(HttpContext context, ServerOptions options)
    {
        using var content = new MemoryStream();
        // Only forms with parts: curl calls any body a form of the other kind.
        var type = context.Request.ContentType ?? "";
        if (type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            var form = await UploadForm.ReadFormAsync(context, options);
            if (form.Files is not [var file, ..])
            {
                throw new RequestException(
                    StatusCodes.Status400BadRequest,
                    "file_missing",
                    "The form has no file",
                    "Send the workflow as the body, or as a file of a form"
                );
            }
            await file.CopyToAsync(content, context.RequestAborted);
        }
        else
        {
            await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        }
        return content.ToArray();
    }

    private static JObject Describe(WorkflowProblem problem) =>
        new()
        {
            ["message"] = problem.Message,
            ["node_id"] = problem.NodeId,
            ["class_type"] = problem.ClassType,
            ["title"] = problem.Title,
        };
}
