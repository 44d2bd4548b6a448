using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Newtonsoft.Json.Linq;
using NodeHost.Queue;
using NodeHost.Server;

namespace NodeHost.Api;

/// <summary><c>/jobs</c>: queue and history as clients of 2026 read them; cancelling by id; why nodes ran again.</summary>
internal static class JobRoutes
{
    private const int MaxLimit = 10_000;

    public static void Map(RouteTable routes, ServerServices services)
    {
        var queue = services.Queue;
        routes.Get("/jobs", context => ListAsync(context, queue));
        routes.Get("/jobs/{id}", context => OneAsync(context, queue));
        routes.Get("/jobs/{id}/cache", context => ExplainAsync(context, queue));
        routes.Post("/jobs/cancel", context => CancelManyAsync(context, queue));
        routes.Post("/jobs/{id}/cancel", context => CancelAsync(context, queue, [Id(context)]));
    }

    private static async Task ListAsync(HttpContext context, IJobQueue queue)
    {
        var query = ReadQuery(context.Request.Query);
        var page = await queue.JobsAsync(query, context.RequestAborted);
        await Reply.Json(
            context,
            new JObject
            {
                ["jobs"] = new JArray(page.Jobs.Select(JobJson.Write)),
                ["pagination"] = new JObject
                {
                    ["offset"] = query.Offset,
                    ["limit"] = query.Limit,
                    ["total"] = page.Total,
                    ["has_more"] = page.HasMore,
                },
            }
        );
    }

    private static async Task OneAsync(HttpContext context, IJobQueue queue)
    {
        var job = await queue.JobAsync(Id(context), context.RequestAborted);
        await (job is null ? NotFound(context) : Reply.Json(context, JobJson.Write(job)));
    }

    private static async Task ExplainAsync(HttpContext context, IJobQueue queue)
    {
        var reasons = await queue.ExplainCacheAsync(Id(context), context.RequestAborted);
        await (reasons is { } utf8 ? Reply.JsonText(context, utf8) : NotFound(context));
    }

    private static async Task CancelManyAsync(HttpContext context, IJobQueue queue)
    {
        var request = await JsonBody.ReadObjectAsync(context);
        await CancelAsync(context, queue, RequestValues.PromptIds(request, "job_ids"));
    }

    private static async Task CancelAsync(HttpContext context, IJobQueue queue, IReadOnlyCollection<string> ids) =>
        await Reply.Json(context, new JObject { ["cancelled"] = await queue.CancelAsync(ids) });

    private static Task NotFound(HttpContext context) =>
        Reply.Json(context, new JObject { ["error"] = "Job not found" }, StatusCodes.Status404NotFound);

    private static string Id(HttpContext context) => (string)context.GetRouteValue("id")!;

    private static JobQuery ReadQuery(IQueryCollection query) =>
        new()
        {
            States =
            [
                .. query["status"]
                    .ToString()
                    .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Select(name => JobJson.StateOf(name) ?? throw Invalid("status", name, "pending, in_progress ...")),
            ],
            WorkflowId = query["workflow_id"].ToString() is { Length: > 0 } id ? id : null,
            ByDuration = query["sort_by"].ToString() switch
            {
                "" or "created_at" => false,
                "execution_duration" => true,
                var other => throw Invalid("sort_by", other, "created_at or execution_duration"),
            },
            Ascending = query["sort_order"].ToString() switch
            {
                "" or "desc" => false,
                "asc" => true,
                var other => throw Invalid("sort_order", other, "asc or desc"),
            },
            Limit = ReadNumber(query, "limit", 1),
            Offset = ReadNumber(query, "offset", 0) ?? 0,
        };

    private static int? ReadNumber(IQueryCollection query, string name, int least)
    {
        var text = query[name].ToString();
        return text.Length == 0 ? null
            : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= least
                ? (name == "limit" ? Math.Min(number, MaxLimit) : number)
            : throw Invalid(name, text, $"an integer from {least}");
    }

    private static RequestException Invalid(string name, string given, string expected) =>
        new(
            StatusCodes.Status400BadRequest,
            "invalid_query",
            $"Cannot read '{name}' of the query",
            $"{name}: expected {expected}, got '{given}'."
        );
}
