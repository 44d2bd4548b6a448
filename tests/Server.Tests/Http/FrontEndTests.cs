using System.Net;

namespace NodeHost.Tests.Server.Http;

/// <summary>A frontend's folder, served as it is.</summary>
public sealed class FrontEndTests(FrontEndServer frontEnd) : IClassFixture<FrontEndServer>
{
    private readonly ServerProcess _server = frontEnd.Server;

    [Fact]
    public async Task Index_IsTheFrontendsAndNeverKept()
    {
        foreach (var path in (string[])["/", "/api/"])
        {
            using var response = await _server.Http.GetAsync(path);
            Assert.Equal("<html>frontend</html>", await response.Content.ReadAsStringAsync());
            Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
            Assert.True(response.Headers.CacheControl!.NoStore);
            Assert.Equal("no-cache", response.Headers.Pragma.ToString());
        }
    }

    [Theory]
    [InlineData("/assets/app-1.js", "application/javascript; charset=utf-8", "no-cache")]
    [InlineData("/assets/style.css", "text/css; charset=utf-8", "no-cache")]
    [InlineData("/assets/module.mjs", "application/javascript; charset=utf-8", null)]
    [InlineData("/assets/engine.wasm", "application/wasm", null)]
    [InlineData("/assets/data.unknown", "application/octet-stream", null)]
    [InlineData("/docs/KSampler/en.md", "text/markdown; charset=utf-8", null)]
    [InlineData("/docs/KSampler/picture.png", "image/png", "public, max-age=86400")]
    [InlineData("/templates/index.json", "application/json", "no-cache")]
    [InlineData("/extensions/core/shim.js", "application/javascript; charset=utf-8", "no-cache")]
    [InlineData("/site.webmanifest", "application/manifest+json", null)]
    public async Task File_HasItsTypeAndCaching(string path, string type, string? caching)
    {
        using var response = await _server.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
        Assert.Equal(caching, response.Headers.CacheControl?.ToString());
        Assert.NotNull(response.Headers.ETag);
    }

    [Theory]
    [InlineData("/assets", 403)]
    [InlineData("/assets/", 403)]
    [InlineData("/link.txt", 404)]
    [InlineData("/inner-link.js", 404)]
    [InlineData("/none.js", 404)]
    [InlineData("/..%2Fsecret.txt", 404)]
    [InlineData("/assets/..%2F..%2Fsecret.txt", 404)]
    [InlineData("/assets/..%5C..%5Csecret.txt", 404)]
    [InlineData("/customnode/getlist", 404)]
    public async Task File_ThatIsNone_IsRefused(string path, int status)
    {
        using var response = await _server.Http.GetAsync(path);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Extensions_OfTheFrontend_AreListed() =>
        Assert.Equal("[\"/extensions/core/shim.js\"]", await _server.Http.GetStringAsync("/api/extensions"));

    [Fact]
    public async Task OwnPage_WithoutAFrontend_ShowsTheServer()
    {
        await using var server = await ServerProcess.StartAsync();
        using var response = await server.Http.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Contains("<h1>NodeHost</h1>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(
            "frame-ancestors 'none'",
            response.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
    }
}
