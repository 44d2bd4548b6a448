using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;
using NodeHost.Server;

namespace NodeHost.Api;

/// <summary><c>/prompt</c>: puts prompts into the queue.</summary>
internal static class PromptRoutes
{
    public static void Map(RouteTable routes, ServerServices services)
    {
        var intake = new PromptIntake(services);
        routes.Get(
            "/prompt",
            context =>
                Reply.Json(
                    context,
                    new JObject { ["exec_info"] = new JObject { ["queue_remaining"] = services.Queue.Remaining } }
                )
        );
        routes.Post("/prompt", context => SubmitAsync(context, services, intake));
    }

    private static async Task SubmitAsync(HttpContext context, ServerServices services, PromptIntake intake)
    {
        var wait = WaitRequest.Read(context.Request);
        var answer = await intake.SubmitAsync(await JsonBody.ReadAsync(context), context.RequestAborted);
        await (
            wait is not null && answer.PromptId is { } promptId
                ? wait.AnswerAsync(context, services.Queue, promptId, answer.Body)
                : Reply.Json(context, answer.Body, answer.Status)
        );
    }
}
