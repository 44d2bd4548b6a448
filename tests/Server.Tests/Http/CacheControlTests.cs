using NodeHost.Server;

namespace NodeHost.Tests.Server.Http;

/// <summary>How long scripts and pictures may be kept.</summary>
public sealed class CacheControlTests
{
    [Theory]
    [InlineData("/a/b.js", 200, "no-cache")]
    [InlineData("/style.css", 200, "no-cache")]
    [InlineData("/templates/index.de.json", 200, "no-cache")]
    [InlineData("/templates/other.json", 200, null)]
    [InlineData("/B.JS", 200, null)]
    [InlineData("/userdata/x.PNG", 200, "public, max-age=86400")]
    [InlineData("/userdata/x.webp", 206, "public, max-age=86400")]
    [InlineData("/userdata/x.png", 404, "public, max-age=3600")]
    [InlineData("/userdata/x.png", 302, "no-cache")]
    [InlineData("/userdata/x.png", 304, null)]
    [InlineData("/view", 200, null)]
    public void Header_FollowsFromPathAndStatus(string path, int status, string? expected) =>
        Assert.Equal(expected, CacheControlMiddleware.HeaderFor(path, status));
}
