using System.Net;
using System.Net.WebSockets;
using NodeHost.Security;

namespace NodeHost.Tests.Server.Security;

/// <summary>What a server with keys of each role lets each of them do.</summary>
public sealed class KeyGuardTests(GuardedServer guarded) : IClassFixture<GuardedServer>
{
    private readonly IReadOnlyDictionary<string, string> _tokens = guarded.Tokens;
    private readonly ServerProcess _server = guarded.Server;

    [Theory]
    [InlineData("GET", "/features")]
    [InlineData("GET", "/nothing/there")]
    [InlineData("POST", "/free")]
    public async Task Request_WithoutAKey_Is401AndSaysHow(string method, string path)
    {
        using var response = await SendAsync(method, path);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Contains("Authorization: Bearer", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer ")]
    [InlineData("Bearer nh_0000000000000000000000000000000000000000000")]
    [InlineData("Basic abc")]
    public async Task Request_WithAWrongKey_Is401(string header)
    {
        using var response = await SendAsync("GET", "/features", ("Authorization", header));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("Read", "GET", "/features", 200)]
    [InlineData("Read", "POST", "/prompt", 403)]
    [InlineData("Read", "POST", "/free", 403)]
    [InlineData("Queue", "POST", "/free", 403)]
    [InlineData("Queue", "GET", "/internal/logs", 403)]
    [InlineData("Queue", "GET", "/features", 200)]
    [InlineData("Admin", "GET", "/features", 200)]
    public async Task Request_WithAKey_NeedsItsRole(string role, string method, string path, int status)
    {
        using var response = await SendAsync(method, path, ("Authorization", $"Bearer {_tokens[role]}"));
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Picture_ForTheHolderOfAKey_IsKeptByNobodyElse()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_server.Folder, "user", "default"));
        File.WriteAllBytes(Path.Combine(folder.FullName, "a.png"), Pictures.Rgba());
        using var response = await SendAsync("GET", "/userdata/a.png", ("Authorization", $"Bearer {_tokens["Read"]}"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.Private);
    }

    [Fact]
    public async Task Token_InTheAddressOfAnOrdinaryRequest_IsNotTaken()
    {
        using var response = await _server.Http.GetAsync($"/features?token={_tokens["Admin"]}");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("/ws?token=", true)]
    [InlineData("/ws?token=x", false)]
    public async Task Handshake_TokenInTheAddress_IsTaken(string path, bool admits)
    {
        using var response = await SendAsync(
            "GET",
            admits ? path + _tokens["Read"] : path,
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        );
        Assert.Equal(!admits, response.StatusCode == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Socket_WhoseKeyIsRevoked_EndsAndTheOthersStay()
    {
        var store = new ApiKeyStore(Path.Combine(_server.Folder, "user"));
        var (token, key) = store.Create(ApiKeyRole.Read, "");
        await using var stays = await SocketClient.ConnectAsync(_server.Address, $"/ws?token={_tokens["Read"]}");
        await using var ends = await SocketClient.ConnectAsync(_server.Address, $"/ws?token={token}");

        Assert.True(store.Revoke(key.Id));

        await ReadToTheEndAsync(ends);
        Assert.Equal(WebSocketState.Open, stays.State);
    }

    [Fact]
    public async Task Socket_FromBeforeTheFirstKey_Ends()
    {
        await using var server = await ServerProcess.StartAsync();
        await using var socket = await SocketClient.ConnectAsync(server.Address, "/ws");
        await socket.WaitForAsync("status");

        new ApiKeyStore(Path.Combine(server.Folder, "user")).Create(ApiKeyRole.Admin, "");

        await ReadToTheEndAsync(socket);
    }

    [Fact]
    public async Task Browser_WithoutAKey_GetsAPageThatTakesOneIntoACookie()
    {
        using var page = await SendAsync("GET", "/", ("Accept", "text/html"));
        Assert.Equal(HttpStatusCode.Unauthorized, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);

        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = _server.Address };
        using var wrong = await http.PostAsync("/login", Form("nonsense"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using var right = await http.PostAsync("/login", Form(_tokens["Read"]));
        Assert.Equal(HttpStatusCode.SeeOther, right.StatusCode);
        var cookie = right.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        using var after = await http.GetAsync("/features");
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task Logs_AfterRequestsWithTokens_HoldNone()
    {
        using var response = await SendAsync("GET", "/features", ("Authorization", $"Bearer {_tokens["Admin"]}"));
        using var log = await SendAsync("GET", "/internal/logs", ("Authorization", $"Bearer {_tokens["Admin"]}"));
        Assert.DoesNotContain(_tokens["Admin"], await log.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(_tokens["Admin"], _server.Errors, StringComparison.Ordinal);
    }

    /// <summary>Fails when the server does not end the socket within a minute.</summary>
    private static async Task ReadToTheEndAsync(SocketClient socket)
    {
        try
        {
            while (await socket.ReceiveAsync() is not null)
            {
                // What was on its way.
            }
        }
        catch (WebSocketException)
        {
            // Cut off.
        }
    }

    private static FormUrlEncodedContent Form(string token) => new([new("token", token)]);

    private Task<HttpResponseMessage> SendAsync(
        string method,
        string path,
        params (string Name, string Value)[] headers
    ) => _server.Http.SendAsync(Requests.Create(method, path, headers), HttpCompletionOption.ResponseHeadersRead);
}
