using Microsoft.AspNetCore.Http;
using NodeHost.Security;
using NodeHost.Server;

namespace NodeHost.Tests.Server.Security;

public sealed class OriginPolicyTests
{
    [Theory]
    [InlineData("127.0.0.1:8188", "http://127.0.0.1:8188", "Own")]
    [InlineData("127.0.0.1:8188", "http://127.0.0.1:8189", "Foreign")]
    [InlineData("127.0.0.1:8188", "http://localhost:8188", "Foreign")]
    [InlineData("127.0.0.1:8188", "http://127.0.0.1", "Foreign")]
    [InlineData("localhost", "http://localhost", "Own")]
    [InlineData("localhost:443", "https://localhost", "Own")]
    [InlineData("LOCALHOST:8188", "http://LocalHost:8188", "Own")]
    [InlineData("[::1]:8188", "http://[::1]:8188", "Own")]
    [InlineData("127.0.0.1:8188", "null", "Foreign")]
    [InlineData("127.0.0.1:8188", "NULL", "Foreign")]
    [InlineData("127.0.0.1:8188", "https://evil.example", "Foreign")]
    [InlineData("127.0.0.1:8188", "http://127.0.0.1:8188.evil.example", "Foreign")]
    [InlineData("127.0.0.1:8188", "http://127.0.0.1:8188@evil.example", "Foreign")]
    [InlineData("127.0.0.1:8188", "file://127.0.0.1:8188", "Foreign")]
    [InlineData("127.0.0.1:8188", "app://127.0.0.1:8188", "Foreign")]
    [InlineData("127.0.0.1:8188", "//127.0.0.1:8188", "Foreign")]
    public void Judge_Origin_IsOwnOnlyIfItIsTheHost(string host, string origin, string expected) =>
        Assert.Equal(expected, Judge(host, headers: [("Origin", origin)]));

    [Fact]
    public void Judge_TwoOrigins_IsForeign()
    {
        var context = Request("127.0.0.1:8188", "POST");
        context.Request.Headers.Origin = new(["http://127.0.0.1:8188", "http://127.0.0.1:8188"]);
        Assert.Equal(OriginVerdict.Foreign, Policy(null).Judge(context.Request));
    }

    [Theory]
    [InlineData("GET", "cross-site", "no-cors", "image", "Foreign")]
    [InlineData("GET", "cross-site", "navigate", "document", "Own")]
    [InlineData("GET", "cross-site", "navigate", "iframe", "Foreign")]
    [InlineData("POST", "cross-site", "navigate", "document", "Foreign")]
    [InlineData("GET", "same-site", "no-cors", "image", "Own")]
    [InlineData("POST", "same-site", "no-cors", "empty", "Foreign")]
    [InlineData("POST", "same-origin", "cors", "empty", "Own")]
    [InlineData("GET", "none", "navigate", "document", "Own")]
    [InlineData("GET", "", "", "", "Own")]
    [InlineData("POST", "", "", "", "Own")]
    public void Judge_FetchMetadata_LetsOnlyOpenedPagesIn(
        string method,
        string site,
        string mode,
        string destination,
        string expected
    ) =>
        Assert.Equal(
            expected,
            Judge(
                "127.0.0.1:8188",
                method,
                headers: [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", destination)]
            )
        );

    [Theory]
    [InlineData("https://app.example", "https://app.example", "Allowed")]
    [InlineData("https://app.example/", "https://APP.example", "Allowed")]
    [InlineData("https://app.example", "https://evil.example", "Foreign")]
    [InlineData("https://app.example", "null", "Foreign")]
    [InlineData("*", "https://evil.example", "AnySite")]
    [InlineData("*", "null", "Foreign")]
    [InlineData("*", "http://127.0.0.1:8188", "Own")]
    public void Judge_WithCors_LetsTheNamedOriginIn(string cors, string origin, string expected) =>
        Assert.Equal(expected, Judge("127.0.0.1:8188", cors: cors, headers: [("Origin", origin)]));

    [Theory]
    [InlineData("https://app.example/page", "Allowed")]
    [InlineData("https://evil.example/", "Foreign")]
    [InlineData("", "Foreign")]
    public void Judge_PictureInThePageOfTheNamedOrigin_IsAllowed(string referrer, string expected) =>
        Assert.Equal(
            expected,
            Judge(
                "127.0.0.1:8188",
                "GET",
                "https://app.example",
                [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Referer", referrer)]
            )
        );

    [Theory]
    [InlineData("comfy.example.org", "Own")]
    [InlineData("evil.example", "Foreign")]
    public void Judge_BehindAProxy_TakesForwardedNamesOfThisServerOnly(string forwarded, string expected) =>
        Assert.Equal(
            expected,
            Judge("127.0.0.1:8188", headers: [("Origin", $"https://{forwarded}"), ("X-Forwarded-Host", forwarded)])
        );

    private static string Judge(
        string host,
        string method = "POST",
        string? cors = null,
        (string Name, string Value)[]? headers = null
    )
    {
        var context = Request(host, method);
        foreach (var (name, value) in headers ?? [])
        {
            context.Request.Headers.Append(name, value);
        }
        return Policy(cors).Judge(context.Request).ToString();
    }

    private static OriginPolicy Policy(string? cors) =>
        new(cors, new HostNames(new ServerOptions { Security = new() { AllowedHosts = ["comfy.example.org"] } }));

    private static DefaultHttpContext Request(string host, string method)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Host = new HostString(host);
        return context;
    }
}
