using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Newtonsoft.Json.Linq;
using NodeHost.Api;
using NodeHost.Graph.Workflows;
using NodeHost.Security;
using NodeHost.Server;

namespace NodeHost.Hubs;

/// <summary>
/// <c>/hub</c>: the server for SignalR's clients. Events come as calls of the methods <c>status</c>, <c>execution_start</c>,
/// <c>progress</c> ... with the same data as on the socket, for the prompts that the connection follows.
/// </summary>
internal sealed class PromptHub(ServerServices services, HubSubscribers subscribers) : Hub
{
    public override Task OnConnectedAsync()
    {
        subscribers.Add(Context.ConnectionId, Clients.Caller, Context.Abort);
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        subscribers.Remove(Context.ConnectionId);
        return Task.CompletedTask;
    }

    /// <summary>Follows a prompt: what is going on now first, then what happens. One that has ended already is said to have.</summary>
    public async Task Subscribe(string promptId)
    {
        subscribers.Follow(Context.ConnectionId, promptId, services.Events.StateOf(promptId));
        if (await services.Queue.HistoryAsync(promptId, Context.ConnectionAborted) is not null)
        {
            subscribers.TellEnded(Context.ConnectionId, promptId);
        }
    }

    public void Unsubscribe(string promptId) => subscribers.Unfollow(Context.ConnectionId, promptId);

    /// <summary>Puts a prompt into the queue and follows it. Takes the body of <c>POST /prompt</c>, or the graph alone; answers as that route.</summary>
    public async Task<JsonElement> Queue(JsonElement prompt)
    {
        Require(ApiKeyRole.Queue);
        var given = HubJson.Token(prompt);
        var body =
            given is JObject members && members.ContainsKey("prompt") ? members : new JObject { ["prompt"] = given };
        if (body["prompt_id"] is null or { Type: JTokenType.Null })
        {
            body["prompt_id"] = Guid.NewGuid().ToString();
        }
        var promptId = (string)body["prompt_id"]!;
        // Before it is queued, so that nothing is missed.
        subscribers.Follow(Context.ConnectionId, promptId, []);
        try
        {
            var answer = await new PromptIntake(services).SubmitAsync(body, Context.ConnectionAborted);
            if (answer.PromptId is null)
            {
                throw new HubException(PromptJson.Write(answer.Body));
            }
            return HubJson.Element(answer.Body);
        }
        catch (Exception error) when (error is HubException or RequestException)
        {
            subscribers.Unfollow(Context.ConnectionId, promptId);
            throw error is RequestException refusal ? new HubException(PromptJson.Write(refusal.ToJson())) : error;
        }
    }

    /// <summary>Takes a pending job back, or stops a running one. False when it is neither.</summary>
    public Task<bool> Cancel(string promptId)
    {
        Require(ApiKeyRole.Queue);
        return services.Queue.CancelAsync([promptId]);
    }

    /// <summary>A stream of pictures of work in progress, which ends with the prompt.</summary>
    public ChannelReader<PreviewFrame> Previews(string promptId, CancellationToken cancellation) =>
        subscribers.Previews(promptId, cancellation);

    private void Require(ApiKeyRole role)
    {
        if (Context.User?.IsInRole(Caller.Name(role)) != true)
        {
            throw new HubException($"This needs a key with the role {Caller.Name(role)}.");
        }
    }
}
