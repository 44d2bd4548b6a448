using System.Net;
using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.Server.Api;

/// <summary>The queue's routes on a server that is busy with something endless.</summary>
public sealed class QueueRoutesTests : IAsyncLifetime
{
    private ServerProcess _server = null!;
    private string _running = "";

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartAsync();
        _running = await _server.QueueAsync(Graphs.Request(Graphs.Endless()));
        await _server.WaitUntilRunningAsync(_running);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Delete_OfARunningOrUnknownId_ChangesNothing()
    {
        using var response = await PostAsync("/queue", new() { ["delete"] = new JArray(_running, "none") });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(1, await RemainingAsync());
    }

    [Fact]
    public async Task Interrupt_WithAnotherId_LetsTheJobRun()
    {
        using var other = await PostAsync("/interrupt", new() { ["prompt_id"] = "none" });
        await Task.Delay(200);
        Assert.Equal(1, await RemainingAsync());
        using var own = await PostAsync("/interrupt", new() { ["prompt_id"] = _running });
        await _server.WaitUntilIdleAsync();
        Assert.Equal("error", (string?)(await _server.WaitForHistoryAsync(_running))["status"]!["status_str"]);
    }

    [Fact]
    public async Task Move_PendingJobs_ChangesTheOrderOfRunning()
    {
        foreach (var id in (string[])["a", "b", "c"])
        {
            await _server.QueueAsync(Graphs.Request(Graphs.Trivial(id[0]), promptId: id));
        }
        using var front = await PostAsync("/queue/move", new() { ["prompt_id"] = "c", ["to"] = "front" });
        using var before = await PostAsync("/queue/move", new() { ["prompt_id"] = "b", ["before"] = "a" });
        using var unknown = await PostAsync("/queue/move", new() { ["prompt_id"] = "x", ["to"] = "back" });
        using var nowhere = await PostAsync("/queue/move", new() { ["prompt_id"] = "a" });
        Assert.Equal(
            (HttpStatusCode[])
                [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.BadRequest],
            [front.StatusCode, before.StatusCode, unknown.StatusCode, nowhere.StatusCode]
        );
        using var interrupt = await _server.Http.PostTextAsync("/interrupt", "");
        await _server.WaitUntilIdleAsync();
        var history = (JObject)await _server.Http.GetJsonAsync("/history");
        Assert.Equal([_running, "c", "b", "a"], history.Properties().Select(entry => entry.Name));
    }

    [Fact]
    public async Task Pause_HoldsPendingJobsUntilResume()
    {
        using var pause = await _server.Http.PostTextAsync("/queue/pause", "");
        Assert.True((bool)(await pause.ReadJsonAsync())["paused"]!);
        await _server.QueueAsync(Graphs.Request(Graphs.Trivial(), promptId: "held"));
        using var interrupt = await _server.Http.PostTextAsync("/interrupt", "");
        await _server.WaitForHistoryAsync(_running);
        await Task.Delay(200);
        Assert.Equal(1, await RemainingAsync());

        using var resume = await _server.Http.PostTextAsync("/queue/resume", "");
        await _server.WaitForHistoryAsync("held");
        Assert.False((bool)(await _server.Http.GetJsonAsync("/queue/state"))["paused"]!);
    }

    [Fact]
    public async Task Free_InARun_IsAnsweredAtOnce()
    {
        using var response = await PostAsync("/free", new() { ["unload_models"] = true, ["free_memory"] = true });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, await RemainingAsync());
    }

    private Task<HttpResponseMessage> PostAsync(string path, JObject body) => _server.Http.PostJsonAsync(path, body);

    private async Task<int> RemainingAsync() =>
        (int)(await _server.Http.GetJsonAsync("/prompt"))["exec_info"]!["queue_remaining"]!;
}
