using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Validation;
using NodeHost.Queue;
using NodeHost.Server;
using NodeHost.Webhooks;

namespace NodeHost.Api;

/// <summary>Takes prompts in, whichever way they come: checks them and puts them into the queue.</summary>
internal sealed class PromptIntake(ServerServices services)
{
    /// <param name="body">As <c>POST /prompt</c> has it; a webhook is taken out of it.</param>
    /// <param name="cancellation">Ends the waiting; what is accepted stays accepted.</param>
    /// <exception cref="RequestException">The prompt id is in use, or a limit is exceeded.</exception>
    public async Task<IntakeAnswer> SubmitAsync(JToken body, CancellationToken cancellation)
    {
        JsonLimits.CheckPrompt((body as JObject)?["prompt"], services.Options.Limits);
        // Wherever a client puts it, a webhook's secret must not get into queue, history and pictures.
        var webhook = Webhook.TakeFrom(body);
        // The counter goes on whether or not the prompt turns out sound, as the reference's does; a number of the client's own leaves it alone.
        var counted = body is JObject members && members.ContainsKey("number") ? 0 : services.Queue.TakeNumber();
        var validation = PromptRequestReader.TryRead(body, out var request, out var refusal)
            ? await new PromptValidator(services.Nodes.Catalogue, services.Nodes.Services).ValidateAsync(request)
            : refusal;
        if (!validation.Accepted)
        {
            return new(null, validation.StatusCode, validation.ToResponseJson());
        }
        var accepted = validation.Request!;
        var promptId = accepted.PromptId ?? Guid.NewGuid().ToString();
        var number = accepted.Number is { } own ? new JValue(own) : new JValue(accepted.Front ? -counted : counted);
        var submission = JobSubmission.From(validation, promptId, number) with { Webhook = webhook?.ToJson() };
        var result = await services.Queue.SubmitAsync(submission, cancellation);
        if (result.Conflict is { } state)
        {
            throw new RequestException(
                StatusCodes.Status409Conflict,
                "prompt_id_in_use",
                $"There is a {JobJson.NameOf(state)} job with this prompt_id already",
                $"prompt_id '{promptId}': {JobJson.NameOf(state)}. Leave prompt_id out, or choose another."
            );
        }
        return new(promptId, validation.StatusCode, validation.ToResponseJson(promptId, number));
    }
}

/// <summary>What the client is told; the id is null when the prompt was refused.</summary>
internal sealed record IntakeAnswer(string? PromptId, int Status, JObject Body);
