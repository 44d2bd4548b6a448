using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Validation;
using NodeHost.Queue;
using NodeHost.Server;
using NodeHost.Webhooks;

namespace NodeHost.Api;

/// <summary><c>/prompt</c>: puts prompts into the queue.</summary>
internal static class PromptRoutes
{
    public static void Map(RouteTable routes, ServerServices services)
    {
        routes.Get(
            "/prompt",
            context =>
                Reply.Json(
                    context,
                    new JObject { ["exec_info"] = new JObject { ["queue_remaining"] = services.Queue.Remaining } }
                )
        );
        routes.Post("/prompt", context => SubmitAsync(context, services));
    }

    private static async Task SubmitAsync(HttpContext context, ServerServices services)
    {
        var body = await JsonBody.ReadAsync(context);
        JsonLimits.CheckPrompt((body as JObject)?["prompt"], services.Options.Limits);
        // Wherever a client puts it, a webhook's secret must not get into queue, history and pictures.
        var webhook = Webhook.TakeFrom(body);
        var number = TakeNumber(body, services.Queue);
        var validation = PromptRequestReader.TryRead(body, out var request, out var refusal)
            ? await new PromptValidator(services.Nodes.Catalogue, services.Nodes.Services).ValidateAsync(request)
            : refusal;
        if (!validation.Accepted)
        {
            await Reply.Json(context, validation.ToResponseJson(), validation.StatusCode);
            return;
        }
        var promptId = validation.Request!.PromptId ?? Guid.NewGuid().ToString();
        var submission = JobSubmission.From(validation, promptId, number) with { Webhook = webhook?.ToJson() };
        var result = await services.Queue.SubmitAsync(submission, context.RequestAborted);
        if (result.Conflict is { } state)
        {
            throw new RequestException(
                StatusCodes.Status409Conflict,
                "prompt_id_in_use",
                $"There is a {JobJson.NameOf(state)} job with this prompt_id already",
                $"prompt_id '{promptId}': {JobJson.NameOf(state)}. Leave prompt_id out, or choose another."
            );
        }
        var answer = validation.ToResponseJson(promptId, number);
        if (WaitRequest.Read(context.Request) is { } wait)
        {
            await wait.AnswerAsync(context, services.Queue, promptId, answer);
            return;
        }
        await Reply.Json(context, answer);
    }

    /// <summary>The client's own number as a real, or the counter's, which <c>front</c> turns round.</summary>
    /// <remarks>The counter goes on whether or not the prompt turns out sound: so does the reference.</remarks>
    private static JValue TakeNumber(JToken body, IJobQueue queue)
    {
        if (body is JObject members && members["number"] is { } given)
        {
            return given is JValue { Type: JTokenType.Integer or JTokenType.Float }
                ? new JValue(given.Value<double>())
                : new JValue(0L); // the reader refuses it
        }
        var number = queue.TakeNumber();
        var isFront = body is JObject request && RequestValues.IsTrue(request["front"]);
        return new JValue(isFront ? -number : number);
    }
}
