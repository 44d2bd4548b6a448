using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodeHost.Graph.Values;
using NodeHost.Queue;
using NodeHost.Server;

namespace NodeHost.Api;

/// <summary><c>/history</c>: what has ended.</summary>
internal static class HistoryRoutes
{
    public static void Map(RouteTable routes, ServerServices services)
    {
        var queue = services.Queue;
        routes.Get("/history", context => ListAsync(context, queue));
        routes.Get("/history/{prompt_id}", context => OneAsync(context, queue));
        routes.Post("/history", context => ChangeAsync(context, queue));
    }

    private static async Task ListAsync(HttpContext context, IJobQueue queue)
    {
        var maxItems = ReadNumber(context.Request, "max_items");
        var offset = ReadNumber(context.Request, "offset") ?? -1;
        var body = new JsonWriter().Raw("{");
        var isFirst = true;
        await foreach (var entry in queue.HistoryAsync(maxItems, offset, context.RequestAborted))
        {
            body.Raw(isFirst ? "" : ",").Text(entry.PromptId).Raw(":").Raw(entry.Json);
            isFirst = false;
        }
        await Reply.JsonText(context, body.Raw("}").Written);
    }

    private static async Task OneAsync(HttpContext context, IJobQueue queue)
    {
        var promptId = (string)context.GetRouteValue("prompt_id")!;
        var body = new JsonWriter().Raw("{");
        if (await queue.HistoryAsync(promptId, context.RequestAborted) is { } entry)
        {
            body.Text(entry.PromptId).Raw(":").Raw(entry.Json);
        }
        await Reply.JsonText(context, body.Raw("}").Written);
    }

    private static async Task ChangeAsync(HttpContext context, IJobQueue queue)
    {
        var request = await JsonBody.ReadObjectAsync(context);
        if (PythonConversion.IsTrue(request["clear"]))
        {
            await queue.ClearHistoryAsync();
        }
        if (RequestValues.PromptIds(request, "delete") is { Count: > 0 } ids)
        {
            await queue.DeleteHistoryAsync(ids);
        }
        await Reply.Empty(context);
    }

    private static int? ReadNumber(HttpRequest request, string name)
    {
        var text = request.Query[name].ToString();
        return text.Length == 0 ? null
            : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
            : throw new RequestException(
                StatusCodes.Status400BadRequest,
                "invalid_query",
                $"Cannot read '{name}' of the query",
                $"{name}: expected an integer, got '{text}'."
            );
    }
}
