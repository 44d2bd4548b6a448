using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Values;
using NodeHost.Queue;
using NodeHost.Server;

namespace NodeHost.Api;

/// <summary><c>/queue</c>, <c>/interrupt</c> and <c>/free</c>, and what ComfyUI's users miss: pause, resume, move.</summary>
internal static class QueueRoutes
{
    public static void Map(RouteTable routes, ServerServices services)
    {
        var queue = services.Queue;
        routes.Get("/queue", context => ListAsync(context, queue));
        routes.Post("/queue", context => ChangeAsync(context, queue));
        routes.Get("/queue/state", context => Reply.Json(context, State(queue)));
        routes.Post("/queue/pause", context => PauseAsync(context, queue, pauses: true));
        routes.Post("/queue/resume", context => PauseAsync(context, queue, pauses: false));
        routes.Post("/queue/move", context => MoveAsync(context, queue));
        routes.Post("/interrupt", context => InterruptAsync(context, queue));
        routes.Post("/free", context => FreeAsync(context, queue));
    }

    private static async Task ListAsync(HttpContext context, IJobQueue queue)
    {
        var snapshot = await queue.SnapshotAsync(context.RequestAborted);
        var body = new JsonWriter();
        body.Raw("{\"queue_running\":").Array(snapshot.Running);
        body.Raw(",\"queue_pending\":").Array(snapshot.Pending).Raw("}");
        await Reply.JsonText(context, body.Written);
    }

    private static async Task ChangeAsync(HttpContext context, IJobQueue queue)
    {
        var request = await JsonBody.ReadObjectAsync(context);
        if (PythonConversion.IsTrue(request["clear"]))
        {
            await queue.ClearPendingAsync();
        }
        if (RequestValues.PromptIds(request, "delete") is { Count: > 0 } ids)
        {
            await queue.DeletePendingAsync(ids);
        }
        await Reply.Empty(context);
    }

    private static async Task PauseAsync(HttpContext context, IJobQueue queue, bool pauses)
    {
        await (pauses ? queue.PauseAsync() : queue.ResumeAsync());
        await Reply.Json(context, State(queue));
    }

    private static JObject State(IJobQueue queue) =>
        new() { ["paused"] = queue.IsPaused, ["queue_remaining"] = queue.Remaining };

    /// <summary><c>{"prompt_id": ID, "to": "front" | "back"}</c> or <c>{"prompt_id": ID, "before": ID}</c>.</summary>
    private static async Task MoveAsync(HttpContext context, IJobQueue queue)
    {
        var request = await JsonBody.ReadObjectAsync(context);
        QueuePlace place = (request["to"], request["before"]) switch
        {
            (JValue { Value: "front" }, null) => QueuePlace.Front,
            (JValue { Value: "back" }, null) => QueuePlace.Back,
            (null, JValue { Value: string before }) => QueuePlace.InFrontOf(before),
            _ => throw new RequestException(
                StatusCodes.Status400BadRequest,
                "invalid_place",
                "Cannot tell where the job is to go",
                "Expected 'to' with 'front' or 'back', or 'before' with a prompt_id."
            ),
        };
        if (request["prompt_id"] is not JValue { Value: string promptId } || !await queue.MoveAsync(promptId, place))
        {
            throw new RequestException(
                StatusCodes.Status404NotFound,
                "job_not_pending",
                "The job, or the one it is to be put before, is not pending",
                "Only pending jobs can be moved; GET /queue lists them."
            );
        }
        await Reply.Empty(context);
    }

    private static async Task InterruptAsync(HttpContext context, IJobQueue queue)
    {
        var request = await JsonBody.ReadObjectOrEmptyAsync(context);
        var promptId = PythonConversion.IsTrue(request["prompt_id"]) ? PythonText.Str(request["prompt_id"]!) : null;
        queue.Interrupt(promptId);
        await Reply.Empty(context);
    }

    private static async Task FreeAsync(HttpContext context, IJobQueue queue)
    {
        var request = await JsonBody.ReadObjectAsync(context);
        var unloadsModels = PythonConversion.IsTrue(request["unload_models"]);
        var freesMemory = PythonConversion.IsTrue(request["free_memory"]);
        if (unloadsModels || freesMemory)
        {
            queue.Free(unloadsModels, freesMemory);
        }
        await Reply.Empty(context);
    }
}
