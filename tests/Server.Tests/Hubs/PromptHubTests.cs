using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.Server.Hubs;

/// <summary>The server for SignalR's clients.</summary>
public sealed class PromptHubTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly ServerProcess _server = shared.Server;

    [Fact]
    public async Task Queue_AGraphAlone_AnswersAndFollowsItToItsEnd()
    {
        using var client = await HubClient.ConnectAsync(_server.Address);
        var answer = await client.CallAsync("Queue", Graphs.Trivial(401));
        var id = (string)answer!["prompt_id"]!;
        Assert.Equal(id, (string?)(await client.EventAsync("execution_start"))["prompt_id"]);
        Assert.Equal("2", (string?)(await client.EventAsync("executed"))["node"]);
        Assert.Equal(id, (string?)(await client.EventAsync("execution_success"))["prompt_id"]);
        await client.EventAsync("executing", data => data["node"]!.Type == JTokenType.Null);
    }

    [Fact]
    public async Task Queue_ABadPrompt_IsRefusedInComfyUisWords()
    {
        using var client = await HubClient.ConnectAsync(_server.Address);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            client.CallAsync("Queue", new JObject { ["1"] = new JObject { ["class_type"] = "Nothing" } })
        );
        Assert.Contains("invalid_prompt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribe_InMidRun_TellsWhatWasMissedThenStreamsPreviews()
    {
        await using var server = await ServerProcess.StartAsync("--preview-method", "latent2rgb");
        var id = await server.QueueAsync(Graphs.Request(Graphs.Endless()));
        await server.WaitUntilRunningAsync(id);
        using var client = await HubClient.ConnectAsync(server.Address);
        await client.CallAsync("Subscribe", id);
        Assert.Equal(id, (string?)(await client.EventAsync("progress"))["prompt_id"]);
        Assert.NotEmpty((string)(await client.EventAsync("preview"))["image"]!);

        var stream = await client.StreamAsync("Previews", id);
        var frame = await client.ItemAsync(stream);
        Assert.Equal(
            (id, "5", "image/jpeg"),
            ((string?)frame["promptId"], (string?)frame["nodeId"], (string?)frame["imageType"])
        );
        Assert.Equal(0xff, Convert.FromBase64String((string)frame["image"]!)[0]);

        Assert.True((bool)(await client.CallAsync("Cancel", id))!);
        await client.EventAsync("execution_interrupted");
        await client.CompletedAsync(stream);
        Assert.False((bool)(await client.CallAsync("Cancel", id))!);
    }

    [Fact]
    public async Task Subscribe_ToAJobThatHasEnded_SaysSo()
    {
        var id = await _server.QueueAsync(Graphs.Request(Graphs.Trivial(402)));
        await _server.WaitForHistoryAsync(id);
        using var client = await HubClient.ConnectAsync(_server.Address);
        await client.CallAsync("Subscribe", id);
        Assert.Equal(id, (string?)(await client.EventAsync("executing"))["prompt_id"]);
    }

    [Fact]
    public async Task Status_GoesToEverybody()
    {
        using var client = await HubClient.ConnectAsync(_server.Address);
        await client.CallAsync("Unsubscribe", "none");
        await _server.QueueAsync(Graphs.Request(Graphs.Trivial(403)));
        Assert.NotNull((await client.EventAsync("status"))["status"]!["exec_info"]!["queue_remaining"]);
    }
}
