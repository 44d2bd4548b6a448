using System.Net;
using Newtonsoft.Json.Linq;
using NodeHost.Api.Internal;

namespace NodeHost.Tests.Server.Http;

/// <summary>The log, folders and newest files.</summary>
public sealed class InternalTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly ServerProcess _server = shared.Server;

    [Fact]
    public async Task Logs_HoldWhatWasPrinted()
    {
        var text = (string)(await _server.Http.GetJsonAsync("/internal/logs"))!;
        Assert.Contains("To see the GUI go to", text, StringComparison.Ordinal);
        var raw = (JObject)await _server.Http.GetJsonAsync("/internal/logs/raw");
        Assert.Contains(
            raw["entries"]!,
            entry => ((string)entry["m"]!).Contains("Starting server", StringComparison.Ordinal)
        );
        Assert.NotNull(raw["size"]!["cols"]);
        using var notDoubled = await _server.Http.GetAsync("/api/internal/logs");
        Assert.Equal(HttpStatusCode.NotFound, notDoubled.StatusCode);
    }

    [Fact]
    public async Task Subscription_WhileItLasts_BringsWhatIsPrinted()
    {
        await using var socket = await _server.ConnectAsync("reader");
        await socket.WaitForAsync("status");
        await SubscribeAsync("reader", true);
        var first = await _server.QueueAsync(Graphs.Request(Graphs.Trivial(1), "someone"));
        var logs = await socket.WaitForAsync("logs", data => Text(data).Contains(first, StringComparison.Ordinal));
        Assert.NotNull(logs["size"]!["cols"]);

        await SubscribeAsync("reader", false);
        var second = await _server.QueueAsync(Graphs.Request(Graphs.Trivial(2), "reader"));
        var messages = await socket.ReadToEndOfPromptAsync();
        while (!(await _server.Http.GetStringAsync("/internal/logs")).Contains(second, StringComparison.Ordinal))
        {
            await Task.Delay(10);
        }
        await _server.QueueAsync(Graphs.Request(Graphs.Trivial(3), "reader"));
        Assert.DoesNotContain(
            messages.Concat(await socket.ReadToEndOfPromptAsync()),
            message => message.Type == "logs" && Text(message.Data!).Contains(second, StringComparison.Ordinal)
        );

        static string Text(JObject data) => string.Concat(data["entries"]!.Select(entry => (string)entry["m"]!));
    }

    [Fact]
    public async Task Files_OfAFolder_AreListedNewestFirst()
    {
        var folder = Path.Combine(_server.Folder, "output");
        foreach (var (name, age) in ((string, int)[])[("old.png", 9), ("new.png", 1), ("middle.png", 5)])
        {
            File.WriteAllText(Path.Combine(folder, name), "x");
            File.SetLastWriteTimeUtc(Path.Combine(folder, name), DateTime.UtcNow.AddMinutes(-age));
        }
        Assert.Equal(
            "[\"new.png\",\"middle.png\",\"old.png\"]",
            await _server.Http.GetStringAsync("/internal/files/output")
        );
        using var unknown = await _server.Http.GetAsync("/internal/files/user");
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Equal("{\"error\":\"Invalid directory type\"}", await unknown.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task FolderPaths_HaveEveryKey()
    {
        var folders = (JObject)await _server.Http.GetJsonAsync("/internal/folder_paths");
        Assert.Contains(Path.Combine(_server.Folder, "models", "vae"), folders["vae"]!.Select(path => (string?)path));
    }

    [Theory]
    [InlineData("Bearer nh_abc def", "Bearer (secret) def")]
    [InlineData("GET /ws?clientId=1&token=xyz&a=b", "GET /ws?clientId=1&token=(secret)&a=b")]
    [InlineData("key nh_0123456789012345678901234567890123456789abc.", "key (secret).")]
    [InlineData("tokens per second: 5", "tokens per second: 5")]
    public void Redact_Secrets_AreTakenOut(string text, string expected) =>
        Assert.Equal(expected, LogRing.Redact(text));

    [Fact]
    public void Ring_BeyondItsSize_KeepsTheNewest()
    {
        var ring = new LogRing();
        for (var number = 0; number < 350; number++)
        {
            ring.Add($"{number}");
        }
        Assert.Equal(300, ring.Entries.Count);
        Assert.Equal("50", ring.Entries[0].Text);
    }

    private async Task SubscribeAsync(string clientId, bool enabled)
    {
        using var content = new StringContent(
            $"{{\"clientId\":\"{clientId}\",\"enabled\":{(enabled ? "true" : "false")}}}"
        );
        using var response = await _server.Http.PatchAsync("/internal/logs/subscribe", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
