using System.Net;
using System.Net.Http.Headers;

namespace NodeHost.Tests.Server.Http;

/// <summary>What holds for every route.</summary>
public sealed class RoutingTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly HttpClient _http = shared.Server.Http;

    [Theory]
    [InlineData("/features")]
    [InlineData("/api/features")]
    [InlineData("/object_info/KSampler")]
    [InlineData("/api/object_info/KSampler")]
    public async Task Get_BareAndUnderApi_AnswersJson(string path)
    {
        using var response = await _http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task Head_OfAGetRoute_AnswersWithoutBody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/features");
        using var response = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.True(response.Content.Headers.ContentLength > 0);
    }

    [Theory]
    [InlineData("/customnode/getlist")]
    [InlineData("/api/v2/manager/queue/status")]
    [InlineData("/api/manager/version")]
    [InlineData("/crystools/monitor")]
    public async Task Get_UnknownPath_AnswersPlain404(string path)
    {
        using var response = await _http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("404: Not Found", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Delete_OfAGetRoute_Answers405WithAllow()
    {
        using var response = await _http.DeleteAsync("/features");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task ObjectInfo_WithItsOwnETag_Answers304()
    {
        using var first = await _http.GetAsync("/object_info");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/object_info");
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(first.Headers.ETag!.Tag));
        using var second = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }
}
