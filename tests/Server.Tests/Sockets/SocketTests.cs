using System.Net.WebSockets;
using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.Server.Sockets;

/// <summary>Who is told what, in which order, and that no socket is in another's way.</summary>
public sealed class SocketTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly ServerProcess _server = shared.Server;

    [Fact]
    public async Task Connect_WithoutId_GetsOneOfThirtyTwoDigits()
    {
        await using var socket = await _server.ConnectAsync();
        var status = await socket.WaitForAsync("status");
        Assert.Matches("^[0-9a-f]{32}$", (string)status["sid"]!);
    }

    [Fact]
    public async Task Connect_UnderApi_IsGreetedToo()
    {
        await using var socket = await _server.ConnectAsync("api", "/api/ws");
        Assert.Equal("api", (string?)(await socket.WaitForAsync("status"))["sid"]);
    }

    [Fact]
    public async Task Hello_OnlyTheFirstMessage_IsAnswered()
    {
        await using var socket = await _server.ConnectAsync("hello");
        await socket.SendAsync("this is no JSON and does not count");
        await socket.SendAsync("{\"type\":\"feature_flags\",\"data\":{\"supports_preview_metadata\":true}}");
        var flags = await socket.WaitForAsync("feature_flags");
        Assert.True((bool)flags["supports_preview_metadata"]!);
        Assert.Equal(104857600, (long)flags["max_upload_size"]!);

        await socket.SendAsync("{\"type\":\"feature_flags\",\"data\":{}}");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            socket.ReceiveAsync(TimeSpan.FromMilliseconds(300))
        );
    }

    [Fact]
    public async Task Run_OfATrivialPrompt_SendsComfyUisEventsInOrder()
    {
        await using var socket = await _server.ConnectAsync("order");
        await socket.WaitForAsync("status");
        await _server.QueueAsync(Graphs.Request(Graphs.Trivial(77), "order"));
        var types = (await socket.ReadToEndOfPromptAsync()).Select(message => message.Type).ToArray();
        Assert.Equal(
            [
                "execution_start",
                "execution_cached",
                "progress_state",
                "executing",
                "progress_state",
                "progress_state",
                "executing",
                "executed",
                "progress_state",
                "execution_success",
                "executing",
            ],
            types.Where(type => type != "status")
        );
        Assert.Equal(("status", "execution_success"), (types[^2], types[^3]));
    }

    [Fact]
    public async Task Run_OfAnotherClient_SendsNothingButStatus()
    {
        await using var mine = await _server.ConnectAsync("mine");
        await using var other = await _server.ConnectAsync("other");
        await _server.QueueAsync(Graphs.Request(Graphs.Trivial(78), "mine"));
        await mine.ReadToEndOfPromptAsync();
        await _server.WaitUntilIdleAsync();
        while (true)
        {
            try
            {
                Assert.Equal("status", (await other.ReceiveAsync(TimeSpan.FromMilliseconds(200)))!.Type);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [Fact]
    public async Task Run_WithoutClient_SendsProgressToAllAndStartsToNobody()
    {
        await using var socket = await _server.ConnectAsync("anybody");
        await _server.QueueAsync(Graphs.Request(Graphs.Trivial(79)));
        await socket.WaitForAsync("progress_state");
        await _server.WaitUntilIdleAsync();
        var types = new List<string>();
        try
        {
            while (true)
            {
                types.Add((await socket.ReceiveAsync(TimeSpan.FromMilliseconds(200)))!.Type);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Contains("progress_state", types);
            Assert.All(types, type => Assert.True(type is "progress_state" or "status", type));
        }
    }

    [Fact]
    public async Task Run_WithEmptyClientId_TellsNobody()
    {
        await using var socket = await _server.ConnectAsync("bystander");
        await _server.QueueAsync(Graphs.Request(Graphs.Trivial(80), ""));
        await _server.WaitUntilIdleAsync();
        try
        {
            while (true)
            {
                Assert.Equal("status", (await socket.ReceiveAsync(TimeSpan.FromMilliseconds(200)))!.Type);
            }
        }
        catch (OperationCanceledException)
        {
            // Nothing more came.
        }
    }

    [Fact]
    public async Task TwoSockets_OfOneClient_BothHearEverything()
    {
        await using var first = await _server.ConnectAsync("twice");
        await using var second = await _server.ConnectAsync("twice");
        await _server.QueueAsync(Graphs.Request(Graphs.Trivial(81), "twice"));
        var heard = await first.ReadToEndOfPromptAsync();
        var alsoHeard = await second.ReadToEndOfPromptAsync();
        Assert.Equal(
            heard.Where(message => message.Type != "status").Select(message => (JToken)message.Json!),
            alsoHeard.Where(message => message.Type != "status").Select(message => (JToken)message.Json!),
            JToken.EqualityComparer
        );
    }

    [Fact]
    public async Task SecondSocket_Closing_LeavesTheFirstItsEvents()
    {
        await using var first = await _server.ConnectAsync("stays");
        await (await _server.ConnectAsync("stays")).DisposeAsync();
        await _server.QueueAsync(Graphs.Request(Graphs.Trivial(82), "stays"));
        Assert.Contains(await first.ReadToEndOfPromptAsync(), message => message.Type == "execution_success");
    }

    [Fact]
    public async Task SlowReader_ThatReadsNothing_DelaysNobody()
    {
        await using var server = await ServerProcess.StartAsync("--preview-method", "latent2rgb");
        await using var slow = await server.ConnectAsync("shared");
        await using var quick = await server.ConnectAsync("shared");
        await server.QueueAsync(Graphs.Request(Graphs.Sampling(400), "shared"));
        var heard = await quick.ReadToEndOfPromptAsync();
        Assert.Contains(heard, message => message.Type == "execution_success");

        // The one that was slow still learns how it ended, if not every step on the way.
        var late = await slow.ReadToEndOfPromptAsync();
        Assert.Contains(late, message => message.Type == "execution_success");
        Assert.True(late.Count < heard.Count, $"{late.Count} messages after {heard.Count}");
    }

    [Fact]
    public async Task Message_OfMoreThanFourMegabytes_ClosesTheSocket()
    {
        await using var socket = await _server.ConnectAsync("loud");
        await socket.WaitForAsync("status");
        try
        {
            await socket.SendAsync(new string('x', 5 * 1024 * 1024));
            while (await socket.ReceiveAsync() is not null) { }
        }
        catch (WebSocketException)
        {
            // Closed while sending: as good.
        }
        Assert.NotEqual(WebSocketState.Open, socket.State);
    }

    [Fact]
    public async Task Compression_WhenOffered_IsNegotiatedAndMessagesArriveWhole()
    {
        await using var socket = await SocketClient.ConnectAsync(
            _server.Address,
            "/ws?clientId=packed",
            options => options.DangerousDeflateOptions = new WebSocketDeflateOptions()
        );
        await _server.QueueAsync(Graphs.Request(Graphs.Trivial(83), "packed"));
        Assert.Contains(await socket.ReadToEndOfPromptAsync(), message => message.Type == "execution_success");
    }

    [Fact]
    public async Task Stop_WithOpenSockets_EndsTheServerAtOnce()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var socket = await server.ConnectAsync("left");
        var start = DateTime.UtcNow;
        Assert.Equal(0, await server.StopAsync());
        Assert.True(DateTime.UtcNow - start < TimeSpan.FromSeconds(10));
    }
}
