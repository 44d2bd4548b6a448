using System.Net;
using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.Server.Api;

/// <summary>Queue and history as clients of 2026 read them.</summary>
public sealed class JobRoutesTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly ServerProcess _server = shared.Server;

    [Fact]
    public async Task Jobs_AfterARun_ListIt()
    {
        var id = await _server.QueueAsync(Graphs.Request(Graphs.Trivial(201)));
        await _server.WaitForHistoryAsync(id);
        var page = await _server.Http.GetJsonAsync("/api/jobs?status=completed&limit=1");
        var job = Assert.Single(page["jobs"]!);
        Assert.Equal((id, "completed"), ((string?)job["id"], (string?)job["status"]));
        Assert.Equal(1, (int)job["outputs_count"]!);
        Assert.Equal("2", (string?)job["preview_output"]!["nodeId"]);
        Assert.Equal("images", (string?)job["preview_output"]!["mediaType"]);
        Assert.Null(job["execution_error"]);
        Assert.True((long)page["pagination"]!["total"]! >= 1);
    }

    [Fact]
    public async Task Job_ById_ShowsOutputsAndWorkflow()
    {
        var id = await _server.QueueAsync(Graphs.Request(Graphs.Trivial(202), "somebody"));
        await _server.WaitForHistoryAsync(id);
        var job = await _server.Http.GetJsonAsync($"/api/jobs/{id}");
        Assert.Equal("temp", (string?)job["outputs"]!["2"]!["images"]![0]!["type"]);
        Assert.Equal("success", (string?)job["execution_status"]!["status_str"]);
        Assert.Equal("EmptyImage", (string?)job["workflow"]!["prompt"]!["1"]!["class_type"]);
        Assert.Equal("somebody", (string?)job["workflow"]!["extra_data"]!["client_id"]);
    }

    [Fact]
    public async Task Job_Unknown_Is404WithAnError()
    {
        using var response = await _server.Http.GetAsync("/api/jobs/none");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("Job not found", (string?)(await response.ReadJsonAsync())["error"]);
    }

    [Theory]
    [InlineData("status=done")]
    [InlineData("sort_by=name")]
    [InlineData("sort_order=up")]
    [InlineData("limit=0")]
    [InlineData("offset=x")]
    public async Task Jobs_WithABadQuery_Are400(string query)
    {
        using var response = await _server.Http.GetAsync($"/api/jobs?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_query", (string?)(await response.ReadJsonAsync())["error"]!["type"]);
    }

    [Fact]
    public async Task Cancel_PendingAndRunning_TakesBothOutOfTheQueue()
    {
        await using var server = await ServerProcess.StartAsync();
        var running = await server.QueueAsync(Graphs.Request(Graphs.Endless()));
        await server.WaitUntilRunningAsync(running);
        var pending = await server.QueueAsync(Graphs.Request(Graphs.Trivial()));

        using var first = await server.Http.PostTextAsync($"/api/jobs/{pending}/cancel", "");
        Assert.True((bool)(await first.ReadJsonAsync())["cancelled"]!);
        var ids = new JObject { ["job_ids"] = new JArray(running, "none") };
        using var second = await server.Http.PostJsonAsync("/api/jobs/cancel", ids);
        Assert.True((bool)(await second.ReadJsonAsync())["cancelled"]!);
        await server.WaitUntilIdleAsync();

        var jobs = (await server.Http.GetJsonAsync("/api/jobs"))["jobs"]!;
        var left = Assert.Single(jobs);
        Assert.Equal((running, "cancelled"), ((string?)left["id"], (string?)left["status"]));
        using var third = await server.Http.PostTextAsync("/api/jobs/none/cancel", "");
        Assert.False((bool)(await third.ReadJsonAsync())["cancelled"]!);
    }

    [Fact]
    public async Task Cache_OfASecondRun_SaysWhyNodesRanAgain()
    {
        var first = await _server.QueueAsync(Graphs.Request(Graphs.Trivial(210)));
        await _server.WaitForHistoryAsync(first);
        var second = await _server.QueueAsync(Graphs.Request(Graphs.Trivial(211)));
        await _server.WaitForHistoryAsync(second);
        var reasons = await _server.Http.GetJsonAsync($"/api/jobs/{second}/cache");
        Assert.Contains("color", reasons["1"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/global_subgraphs")]
    [InlineData("/api/node_replacements")]
    public async Task NewerFrontendsQuestions_AreAnsweredWithNothing(string path) =>
        Assert.Equal(new JObject(), await _server.Http.GetJsonAsync(path), JToken.EqualityComparer);
}
