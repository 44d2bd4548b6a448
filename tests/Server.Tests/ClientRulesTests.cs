using System.Net;
using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.Server;

/// <summary>What clients in the field rely on, one rule a test.</summary>
public sealed class ClientRulesTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static int _colour = 1000;

    private readonly ServerProcess _server = shared.Server;

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain;charset=UTF-8")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json")]
    public async Task Rule1_AnyContentType_IsReadAsJson(string? contentType)
    {
        var body = Graphs.Request(Fresh()).ToString();
        using var prompt = await _server.Http.PostTextAsync("/prompt", body, contentType);
        using var queue = await _server.Http.PostTextAsync("/queue", "{\"delete\":[\"none\"]}", contentType);
        using var interrupt = await _server.Http.PostTextAsync("/interrupt", "{\"prompt_id\":\"x\"}", contentType);
        using var empty = await _server.Http.PostTextAsync("/interrupt", "", contentType);
        Assert.All(
            (HttpResponseMessage[])[prompt, queue, interrupt, empty],
            response => Assert.Equal(HttpStatusCode.OK, response.StatusCode)
        );
    }

    [Theory]
    [InlineData("/prompt")]
    [InlineData("/queue")]
    [InlineData("/history")]
    [InlineData("/history/none")]
    [InlineData("/features")]
    [InlineData("/system_stats")]
    [InlineData("/object_info/KSampler")]
    [InlineData("/jobs")]
    public async Task Rule2_EveryRoute_IsThereBareAndUnderApi(string path)
    {
        using var bare = await _server.Http.GetAsync(path);
        using var api = await _server.Http.GetAsync("/api" + path);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (bare.StatusCode, api.StatusCode));
    }

    [Theory]
    [InlineData("5a2b0a83-3f6e-4a55-9df1-000000000001")]
    [InlineData("any text at all")]
    public async Task Rule3_GivenPromptId_IsEchoed(string promptId)
    {
        var echoed = await _server.QueueAsync(Graphs.Request(Fresh(), promptId: promptId));
        Assert.Equal(promptId, echoed);
        Assert.Equal(promptId, (string?)(await _server.WaitForHistoryAsync(promptId))["prompt"]![1]);
    }

    [Fact]
    public async Task Rule4_ClientThatNegotiatedNothing_GetsPreviewsOfTypeOneOnly()
    {
        await using var server = await ServerProcess.StartAsync("--preview-method", "latent2rgb");
        await using var plain = await server.ConnectAsync("both");
        await using var modern = await server.ConnectAsync("both");
        await modern.SendAsync(
            new JObject
            {
                ["type"] = "feature_flags",
                ["data"] = new JObject { ["supports_preview_metadata"] = true },
            }
        );
        await modern.WaitForAsync("feature_flags");

        await server.QueueAsync(Graphs.Request(Graphs.Sampling(3), "both"));

        Assert.Equal([1, 1, 1], await FrameTypesAsync(plain));
        Assert.Equal([4, 4, 4], await FrameTypesAsync(modern));
    }

    [Fact]
    public async Task Rule5_EveryRun_EndsWithItsOutcomeAndExecutingNull()
    {
        await File.WriteAllTextAsync(Path.Combine(_server.Folder, "input", "broken.png"), "no picture");
        await using var socket = await _server.ConnectAsync("rule5");
        await _server.QueueAsync(Graphs.Request(Fresh(), "rule5"));
        Assert.Contains("execution_success", await TypesToEndAsync(socket));

        await _server.QueueAsync(Graphs.Request(Graphs.Failing(), "rule5"));
        Assert.Contains("execution_error", await TypesToEndAsync(socket));

        await _server.QueueAsync(Graphs.Request(Graphs.Endless(), "rule5"));
        await socket.WaitForAsync("progress");
        using var interrupt = await _server.Http.PostTextAsync("/interrupt", "");
        Assert.Contains("execution_interrupted", await TypesToEndAsync(socket));
    }

    [Fact]
    public async Task Rule6_EndedJob_IsInHistoryBeforeItLeavesTheQueue()
    {
        for (var round = 0; round < 20; round++)
        {
            var id = await _server.QueueAsync(Graphs.Request(Fresh()));
            while (true)
            {
                var queue = await _server.Http.GetStringAsync("/queue");
                var history = await _server.Http.GetStringAsync($"/history/{id}");
                if (!queue.Contains(id, StringComparison.Ordinal))
                {
                    Assert.Contains(id, history, StringComparison.Ordinal);
                    break;
                }
            }
        }
    }

    [Fact]
    public async Task Rule7_QueueRows_HaveFiveElements()
    {
        var running = await _server.QueueAsync(Graphs.Request(Graphs.Endless(), "rule7"));
        await _server.WaitUntilRunningAsync(running);
        var pending = await _server.QueueAsync(Graphs.Request(Fresh(), "rule7"));

        var queue = await _server.Http.GetJsonAsync("/queue");
        var first = Assert.Single(queue["queue_running"]!);
        var second = Assert.Single(queue["queue_pending"]!);
        Assert.Equal((5, 5), (first.Count(), second.Count()));
        Assert.Equal(JTokenType.Integer, first[0]!.Type);
        Assert.Equal((running, pending), ((string?)first[1], (string?)second[1]));
        Assert.Equal("KSampler", (string?)first[2]!["5"]!["class_type"]);
        Assert.Equal("rule7", (string?)second[3]!["client_id"]);
        Assert.Equal("2", (string?)Assert.Single(second[4]!));

        using var interrupt = await _server.Http.PostTextAsync("/interrupt", "");
        await _server.WaitUntilIdleAsync();
    }

    [Fact]
    public async Task Rule8_History_HasStatusOutputsAndMeta()
    {
        var id = await _server.QueueAsync(Graphs.Request(Fresh(), "rule8"));
        var entry = await _server.WaitForHistoryAsync(id);
        Assert.Equal(5, entry["prompt"]!.Count());
        Assert.Equal("success", (string?)entry["status"]!["status_str"]);
        Assert.True((bool)entry["status"]!["completed"]!);
        Assert.Equal(
            ["execution_start", "execution_cached", "execution_success"],
            entry["status"]!["messages"]!.Select(message => (string?)message[0])
        );
        var picture = Assert.Single(entry["outputs"]!["2"]!["images"]!);
        Assert.Equal("temp", (string?)picture["type"]);
        Assert.Equal("2", (string?)entry["meta"]!["2"]!["real_node_id"]);
    }

    [Fact]
    public async Task Rule9_WithoutKeys_AnEmptyBearerIsFine()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/queue");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer ");
        using var response = await _server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        await using var socket = await SocketClient.ConnectAsync(
            _server.Address,
            "/ws?clientId=rule9&token=",
            options => options.SetRequestHeader("Authorization", "Bearer ")
        );
        Assert.Equal("rule9", (string?)(await socket.WaitForAsync("status"))["sid"]);
    }

    [Theory]
    [InlineData("/api/customnode/getlist?mode=cache")]
    [InlineData("/api/v2/manager/queue/status")]
    [InlineData("/manager/version")]
    [InlineData("/crystools/monitor/GPU")]
    public async Task Rule10_ManagerAndMonitorRoutes_ArePlain404(string path)
    {
        using var response = await _server.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("404: Not Found", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Rule11_ReconnectWithTheSameId_IsToldWhereTheRunIs()
    {
        await using var server = await ServerProcess.StartAsync("--preview-method", "latent2rgb");
        string id;
        await using (var first = await server.ConnectAsync("rule11"))
        {
            id = await server.QueueAsync(Graphs.Request(Graphs.Endless(), "rule11"));
            await first.WaitForAsync("progress");
        }
        await using var second = await server.ConnectAsync("rule11");

        var greeting = await second.WaitForAsync("status");
        var executing = await second.ReceiveAsync();
        var state = await second.ReceiveAsync();
        var preview = await second.ReceiveAsync();
        Assert.Equal("rule11", (string?)greeting["sid"]);
        Assert.Equal(("executing", "5"), (executing!.Type, (string?)executing.Data!["node"]));
        Assert.Equal(("progress_state", id), (state!.Type, (string?)state.Data!["prompt_id"]));
        Assert.Equal("binary", preview!.Type);

        using var interrupt = await server.Http.PostTextAsync("/interrupt", "");
        await second.WaitForAsync("execution_interrupted");
    }

    [Fact]
    public async Task Rule12_Combos_AreInTheFormThatComfyUiGivesThem()
    {
        var old = await _server.Http.GetJsonAsync("/object_info/KSampler");
        var recent = await _server.Http.GetJsonAsync("/object_info/ImageStitch");
        Assert.IsType<JArray>(old["KSampler"]!["input"]!["required"]!["sampler_name"]![0]);
        Assert.NotNull(recent["ImageStitch"]);
        var byForm = (await _server.Http.GetJsonAsync("/object_info"))
            .SelectMany(node => node.First!["input"]!.SelectMany(section => section.First!))
            .Select(input => ((JProperty)input).Value)
            .OfType<JArray>()
            .Select(spec => spec[0])
            .ToArray();
        Assert.Contains(byForm, type => type is JArray);
        Assert.Contains(byForm, type => (string?)(type as JValue) == "COMBO");
    }

    /// <summary>Never the same twice, so that nothing comes from the cache.</summary>
    private static JObject Fresh() => Graphs.Trivial(Interlocked.Increment(ref _colour));

    private static async Task<IEnumerable<string>> TypesToEndAsync(SocketClient socket) =>
        (await socket.ReadToEndOfPromptAsync()).Select(message => message.Type);

    private static async Task<IEnumerable<int>> FrameTypesAsync(SocketClient socket) =>
        (await socket.ReadToEndOfPromptAsync())
            .Where(message => message.Type == "binary")
            .Select(message =>
                message.Bytes[0] << 24 | message.Bytes[1] << 16 | message.Bytes[2] << 8 | message.Bytes[3]
            );
}
