using System.Net;

namespace NodeHost.Tests.Server.Http;

/// <summary>What a server with small limits refuses, and what it says.</summary>
public sealed class LimitTests(LimitedServer limited) : IClassFixture<LimitedServer>
{
    private readonly ServerProcess _server = limited.Server;

    [Theory]
    [InlineData("{\"prompt\": {\"1\": {}, \"2\": {}, \"3\": {}}}", "--max-prompt-nodes")]
    [InlineData("{\"prompt\": {\"1\": {\"inputs\": {\"a\": [[[1]]]}}}}", "--max-json-depth")]
    [InlineData("{\"prompt\": {}, \"client_id\": \"0123456789012345678901\"}", "--max-string-length")]
    public async Task Prompt_BeyondALimit_Is413AndNamesTheOption(string body, string option)
    {
        using var response = await _server.Http.PostTextAsync("/prompt", body);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains(option, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_BodyBeyondItsLimit_Is413AndNamesTheOption()
    {
        using var response = await _server.Http.PostTextAsync(
            "/prompt",
            $"{{\"prompt\": {{}}, {new string(' ', 20_000)}}}"
        );
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("--max-upload-size", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_NestedWithoutEnd_Is400()
    {
        using var response = await _server.Http.PostTextAsync("/prompt", new string('[', 9_000));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Sockets_BeyondTheirNumber_AreRefusedUntilOneCloses()
    {
        var first = await _server.ConnectAsync();
        await using var second = await _server.ConnectAsync();
        using var third = await _server.Http.SendAsync(
            Requests.Create(
                "GET",
                "/ws",
                ("Connection", "Upgrade"),
                ("Upgrade", "websocket"),
                ("Sec-WebSocket-Version", "13"),
                ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
            )
        );
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Contains("--max-sockets-per-address", await third.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await first.DisposeAsync();
        // The server notices the end of a socket a moment later.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var again = await _server.ConnectAsync();
                return;
            }
            catch (System.Net.WebSockets.WebSocketException) when (attempt < 50)
            {
                await Task.Delay(100);
            }
        }
    }
}
