using System.Net;
using System.Net.Http.Headers;
using NodeHost.Images;

namespace NodeHost.Tests.Server.Http;

/// <summary><c>GET /view</c> on files that were put into the server's folders.</summary>
public sealed class ViewTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly ServerProcess _server = shared.Server;

    [Fact]
    public async Task View_File_HasNameTypeTagAndRanges()
    {
        var content = Write("output/sub/a.png", Pictures.Rgba());
        using var response = await _server.Http.GetAsync("/api/view?filename=a.png&subfolder=sub&rand=0.7");
        Assert.Equal(content, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("filename=\"a.png\"", response.Content.Headers.GetValues("Content-Disposition").Single());
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.NotNull(response.Content.Headers.LastModified);
        Assert.False(response.Headers.Contains("Cache-Control"));

        using var known = Get("/view?filename=a.png&subfolder=sub");
        known.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using var unchanged = await _server.Http.SendAsync(known);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        using var part = Get("/view?filename=a.png&subfolder=sub");
        part.Headers.Range = new RangeHeaderValue(1, 3);
        using var partial = await _server.Http.SendAsync(part);
        Assert.Equal(HttpStatusCode.PartialContent, partial.StatusCode);
        Assert.Equal("PNG"u8.ToArray(), await partial.Content.ReadAsByteArrayAsync());

        using var head = await _server.Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Head, "/view?filename=a.png&subfolder=sub")
        );
        Assert.Equal(content.Length, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("filename=plain.txt", "text/plain", "filename=\"plain.txt\"")]
    [InlineData("filename=page.html", "application/octet-stream", "attachment; filename=\"page.html\"")]
    [InlineData("filename=code.js", "application/octet-stream", "attachment; filename=\"code.js\"")]
    [InlineData("filename=style.css", "application/octet-stream", "attachment; filename=\"style.css\"")]
    [InlineData("filename=drawing.svg", "application/octet-stream", "attachment; filename=\"drawing.svg\"")]
    [InlineData("filename=doc.xhtml", "application/octet-stream", "attachment; filename=\"doc.xhtml\"")]
    [InlineData("filename=data.unknown", "application/octet-stream", "filename=\"data.unknown\"")]
    [InlineData("filename=b%C3%A4.txt", "text/plain", "filename=\"b_.txt\"; filename*=UTF-8''b%C3%A4.txt")]
    public async Task View_FileThatCouldRun_IsSavedInsteadOfShown(string query, string type, string disposition)
    {
        Write("output/" + Uri.UnescapeDataString(query["filename=".Length..]), "x"u8.ToArray());
        using var response = await _server.Http.GetAsync($"/view?{query}");
        Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
        Assert.Equal(disposition, response.Content.Headers.GetValues("Content-Disposition").Single());
    }

    [Fact]
    public async Task View_DrawingAsAPictureOfAPage_IsShown()
    {
        Write("output/drawing.svg", "<svg/>"u8.ToArray());
        using var response = await _server.Http.SendAsync(
            Requests.Create("GET", "/view?filename=drawing.svg", ("Sec-Fetch-Dest", "image"))
        );
        Assert.Equal("image/svg+xml", response.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("", 404)]
    [InlineData("?filename=", 400)]
    [InlineData("?filename=none.png", 404)]
    [InlineData("?filename=../secret.png", 400)]
    [InlineData("?filename=..%2Fsecret.png", 400)]
    [InlineData("?filename=..%5Csecret.png", 400)]
    [InlineData("?filename=/etc/hostname", 400)]
    [InlineData("?filename=%5Cetc%5Chostname", 400)]
    [InlineData("?filename=a.png&type=user", 400)]
    [InlineData("?filename=a.png&subfolder=..", 403)]
    [InlineData("?filename=a.png&subfolder=..%2Finput", 403)]
    [InlineData("?filename=a.png&subfolder=..%5Cinput", 403)]
    [InlineData("?filename=secret.png&subfolder=%2Fetc", 403)]
    [InlineData("?filename=secret.png&subfolder=out-link", 403)]
    [InlineData("?filename=link.png", 404)]
    [InlineData("?filename=a%00.png", 404)]
    [InlineData("?filename=[output]", 400)]
    [InlineData("?filename=sub", 404)]
    public async Task View_NameOutOfItsFolder_IsRefused(string query, int status)
    {
        Write("secret.png", "secret"u8.ToArray());
        Write("output/sub/x", "x"u8.ToArray());
        Link("output/link.png", "secret.png");
        Link("output/out-link", "");
        using var response = await _server.Http.GetAsync("/view" + query);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("one.png [input]", "output")]
    [InlineData("one.png [input]", "temp")]
    [InlineData("one.png", "input")]
    [InlineData("other/one.png", "input")]
    public async Task View_NameWithItsFolder_IsFoundThere(string name, string type)
    {
        var content = Write("input/one.png", Pictures.Rgba());
        Assert.Equal(
            content,
            await _server.Http.GetByteArrayAsync($"/view?filename={Uri.EscapeDataString(name)}&type={type}")
        );
    }

    [Theory]
    [InlineData("preview=webp;80", "image/webp", 4)]
    [InlineData("preview=webp", "image/webp", 4)]
    [InlineData("preview=anything;x", "image/webp", 4)]
    [InlineData("preview=jpeg;50", "image/jpeg", 3)]
    [InlineData("preview=jpeg;50&channel=a", "image/webp", 4)]
    [InlineData("preview=webp;0&channel=rgb", "image/webp", 3)]
    [InlineData("channel=rgb", "image/png", 3)]
    [InlineData("channel=a", "image/png", 4)]
    [InlineData("channel=rgba", "image/png", 4)]
    public async Task View_Conversion_HasFormatAndChannels(string query, string type, int channels)
    {
        Write("output/c.png", Pictures.Rgba());
        using var response = await _server.Http.GetAsync($"/view?filename=c.png&{query}");
        Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
        var picture = ImageDecoder.Decode(await response.Content.ReadAsByteArrayAsync(), "answer");
        Assert.Equal((8, 6), (picture.Width, picture.Height));
        Assert.Equal(channels, picture.Frames[0].Channels);
        if (query == "channel=a")
        {
            Assert.All(picture.Frames[0].Data.Chunk(4), pixel => Assert.Equal(0, pixel[0] + pixel[1] + pixel[2]));
            Assert.Equal(Pictures.Alpha(3), picture.Frames[0].Data[(3 * 4) + 3]);
        }
        using var known = Get($"/view?filename=c.png&{query}");
        known.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using var unchanged = await _server.Http.SendAsync(known);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task View_ConversionOfWhatIsNoPicture_IsRefusedWithAReason()
    {
        Write("output/text.png", "no picture"u8.ToArray());
        using var response = await _server.Http.GetAsync("/view?filename=text.png&preview=webp");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("text.png", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    private byte[] Write(string relative, byte[] content)
    {
        var path = Path.Combine(_server.Folder, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return content;
    }

    private void Link(string relative, string target)
    {
        var path = Path.Combine(_server.Folder, relative);
        if (!Path.Exists(path))
        {
            File.CreateSymbolicLink(path, Path.Combine(_server.Folder, target));
        }
    }
}
