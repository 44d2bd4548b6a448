using System.Net;
using Newtonsoft.Json.Linq;
using NodeHost.Images;
using NodeHost.Images.Png;

namespace NodeHost.Tests.Server.Http;

/// <summary>Uploads to a server of their own.</summary>
public sealed class UploadTests : IAsyncLifetime
{
    private ServerProcess _server = null!;

    public async Task InitializeAsync() => _server = await ServerProcess.StartAsync("--max-upload-size", "1");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Upload_SameNameAgain_KeepsReusesOrReplacesByContent()
    {
        Assert.Equal("pic.png", await UploadAsync("pic.png", Pictures.Rgba(1)));
        Assert.Equal("pic.png", await UploadAsync("pic.png", Pictures.Rgba(1)));
        Assert.Equal("pic (1).png", await UploadAsync("pic.png", Pictures.Rgba(2)));
        Assert.Equal("pic (2).png", await UploadAsync("pic.png", Pictures.Rgba(3)));
        Assert.Equal("pic (1).png", await UploadAsync("pic.png", Pictures.Rgba(2)));
        Assert.Equal("pic.png", await UploadAsync("pic.png", Pictures.Rgba(4), ("overwrite", "true")));
        Assert.Equal(Pictures.Rgba(4), File.ReadAllBytes(In("input/pic.png")));
        Assert.DoesNotContain(
            Directory.GetFiles(In("input")),
            file => file.EndsWith(".partial", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Upload_IntoASubfolderOfTemp_AnswersWhereItIs()
    {
        using var response = await SendAsync(
            "/api/upload/image",
            "x.png",
            Pictures.Rgba(),
            ("subfolder", "a/b"),
            ("type", "temp")
        );
        Assert.Equal(
            "{\"name\":\"x.png\",\"subfolder\":\"a/b\",\"type\":\"temp\"}",
            await response.Content.ReadAsStringAsync()
        );
        Assert.True(File.Exists(In("temp/a/b/x.png")));
    }

    [Fact]
    public async Task Upload_OfManyAtOnce_GivesEachItsOwnName()
    {
        var names = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(seed => UploadAsync("same.png", Pictures.Rgba((byte)(seed + 10))))
        );
        Assert.Equal(12, names.Distinct().Count());
    }

    [Theory]
    [InlineData("../x.png", "")]
    [InlineData("..\\x.png", "")]
    [InlineData("/tmp/x.png", "")]
    [InlineData("x.png", "../../oops")]
    [InlineData("x.png", "..\\oops")]
    [InlineData("x.png", "/tmp")]
    [InlineData("x.png", "link")]
    [InlineData(".", "")]
    public async Task Upload_OutOfItsFolder_Is400AndWritesNothing(string name, string subfolder)
    {
        if (!Path.Exists(In("input/link")))
        {
            Directory.CreateSymbolicLink(In("input/link"), _server.Folder);
        }
        var before = Files();
        using var response = await SendAsync("/upload/image", name, Pictures.Rgba(), ("subfolder", subfolder));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(before, Files());
    }

    [Theory]
    [InlineData("text.png", "not a picture")]
    [InlineData("page.jpg", "<html><script>alert(1)</script></html>")]
    [InlineData("empty.webp", "")]
    public async Task Upload_ClaimingToBeAPicture_MustBeOne(string name, string content)
    {
        using var response = await SendAsync("/upload/image", name, System.Text.Encoding.UTF8.GetBytes(content));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("not_a_picture", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(File.Exists(In("input/" + name)));
    }

    [Fact]
    public async Task Upload_ClaimingTooManyPixels_IsRefusedUndecoded()
    {
        using var response = await SendAsync("/upload/image", "bomb.bmp", Pictures.Claiming(60_000, 60_000));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("60000x60000", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_BeyondAChosenNumberOfPixels_IsRefusedEverywhere()
    {
        await using var server = await ServerProcess.StartAsync("--max-image-pixels", "47");
        File.WriteAllBytes(Path.Combine(server.Folder, "output", "a.png"), Pictures.Rgba());
        using var shown = await server.Http.GetAsync("/view?filename=a.png&preview=webp");
        Assert.Equal(HttpStatusCode.BadRequest, shown.StatusCode);
        Assert.Contains("at most 47 pixels", await shown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var content = Form("a.png", Pictures.Rgba());
        using var uploaded = await server.Http.PostAsync("/upload/image", content);
        Assert.Equal(HttpStatusCode.BadRequest, uploaded.StatusCode);
        File.WriteAllBytes(Path.Combine(server.Folder, "input", "b.png"), Pictures.Rgba());
        using var loaded = await server.Http.PostTextAsync(
            "/prompt?wait=true",
            """
            {"prompt": {
                "1": {"class_type": "LoadImage", "inputs": {"image": "b.png"}},
                "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}
            }}
            """
        );
        Assert.Contains("at most 47 pixels", await loaded.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.latent")]
    [InlineData("sound.mp3")]
    [InlineData("clip.mp4")]
    [InlineData("notes.txt")]
    public async Task Upload_OfAnotherKindOfFile_IsTaken(string name) =>
        Assert.Equal(name, await UploadAsync(name, "anything"u8.ToArray()));

    [Fact]
    public async Task Upload_BeyondTheBodyLimit_Is413AndSaysWhichOption()
    {
        using var response = await SendAsync("/upload/image", "big.txt", new byte[1_200_000]);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("--max-upload-size", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_WithoutAFile_Is400AndEmpty()
    {
        using var form = new FormUrlEncodedContent([new("overwrite", "1")]);
        using var response = await _server.Http.PostAsync("/upload/image", form);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.ToString());
        using var text = await _server.Http.PostTextAsync("/upload/image", "x", "text/plain");
        Assert.Equal(HttpStatusCode.BadRequest, text.StatusCode);
        using var cut = new ByteArrayContent("x"u8.ToArray());
        cut.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        using var broken = await _server.Http.PostAsync("/upload/image", cut);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
    }

    [Fact]
    public async Task UploadMask_OnAPictureWithTexts_GivesItsColoursAndTextsWithTheMasksAlpha()
    {
        File.WriteAllBytes(In("output/o.png"), Pictures.Rgba(5, [new PngText("prompt", "{}")]));
        using var response = await SendAsync(
            "/upload/mask",
            "masked.png",
            Pictures.Rgba(),
            ("original_ref", "{\"filename\": \"o.png [output]\"}"),
            ("subfolder", "clipspace")
        );
        Assert.Equal("masked.png", (string?)((JObject)await response.ReadJsonAsync())["name"]);
        var file = File.ReadAllBytes(In("input/clipspace/masked.png"));
        var pixels = ImageDecoder.Decode(file, "masked").Frames[0];
        Assert.Equal(5, pixels.Data[0]);
        Assert.Equal(Pictures.Alpha(7), pixels.Data[(7 * 4) + 3]);
        Assert.Equal([new PngText("prompt", "{}")], PngTextChunks.Read(file));
    }

    [Theory]
    [InlineData("{\"filename\": \"none.png\"}", 404)]
    [InlineData("{\"filename\": \"../secret.png\"}", 403)]
    [InlineData("{\"filename\": \"\"}", 400)]
    [InlineData("{\"filename\": \"a.png\", \"type\": \"other\"}", 400)]
    [InlineData("no json", 400)]
    [InlineData(null, 400)]
    public async Task UploadMask_WithoutItsOriginal_SaysSo(string? reference, int status)
    {
        using var response = await SendAsync(
            "/upload/mask",
            "m.png",
            Pictures.Rgba(),
            reference is null ? [] : [("original_ref", reference)]
        );
        Assert.Equal(status, (int)response.StatusCode);
        Assert.False(File.Exists(In("input/m.png")));
    }

    private static MultipartFormDataContent Form(
        string name,
        byte[] content,
        params (string Name, string Value)[] fields
    )
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(content), "image", name } };
        foreach (var (field, value) in fields)
        {
            form.Add(new StringContent(value), field);
        }
        return form;
    }

    private async Task<string> UploadAsync(string name, byte[] content, params (string Name, string Value)[] fields)
    {
        using var response = await SendAsync("/upload/image", name, content, fields);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (string)((JObject)await response.ReadJsonAsync())["name"]!;
    }

    private async Task<HttpResponseMessage> SendAsync(
        string path,
        string name,
        byte[] content,
        params (string Name, string Value)[] fields
    )
    {
        using var form = Form(name, content, fields);
        return await _server.Http.PostAsync(path, form);
    }

    private string In(string relative) => Path.Combine(_server.Folder, relative);

    private IReadOnlyList<string> Files() =>
        [
            .. Directory
                .EnumerateFiles(
                    _server.Folder,
                    "*",
                    new EnumerationOptions
                    {
                        RecurseSubdirectories = true,
                        AttributesToSkip = FileAttributes.ReparsePoint,
                    }
                )
                .Order(StringComparer.Ordinal),
        ];
}
