using System.Net;

namespace NodeHost.Tests.Server.Security;

/// <summary>What a running server refuses.</summary>
public sealed class GuardTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly HttpClient _http = shared.Server.Http;

    [Fact]
    public async Task Request_ForAnotherHost_Is403AndSaysHowToAllowIt()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/features");
        request.Headers.Host = "evil.example:8188";
        using var response = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains(
            "--allowed-host evil.example",
            await response.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("GET", "/features", "Origin", "https://evil.example")]
    [InlineData("GET", "/features", "Origin", "null")]
    [InlineData("POST", "/api/prompt", "Origin", "https://evil.example")]
    [InlineData("GET", "/nothing/there", "Origin", "https://evil.example")]
    [InlineData("GET", "/api/features", "Sec-Fetch-Site", "cross-site")]
    [InlineData("OPTIONS", "/prompt", "Origin", "https://evil.example")]
    public async Task Request_FromAnotherSite_Is403(string method, string path, string header, string value)
    {
        using var response = await SendAsync(method, path, (header, value));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("/ws")]
    [InlineData("/api/ws")]
    [InlineData("/hub")]
    public async Task Handshake_FromAnotherSite_Is403(string path)
    {
        using var response = await SendAsync(
            "GET",
            path,
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Origin", "https://evil.example")
        );
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Request_FromTheServersOwnPage_IsAnswered()
    {
        using var response = await SendAsync(
            "GET",
            "/features",
            ("Origin", shared.Server.Address.GetLeftPart(UriPartial.Authority))
        );
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Options_FromTheServersOwnPage_Is200AndEmpty()
    {
        using var response = await SendAsync("OPTIONS", "/prompt");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("Bearer ")]
    [InlineData("Bearer anything")]
    public async Task Bearer_WhileThereAreNoKeys_DoesNotMatter(string header)
    {
        using var response = await SendAsync("GET", "/features", ("Authorization", header));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<HttpResponseMessage> SendAsync(
        string method,
        string path,
        params (string Name, string Value)[] headers
    ) => _http.SendAsync(Requests.Create(method, path, headers));
}
