using System.Net;
using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Images;

namespace NodeHost.Tests.Server.Http;

/// <summary>Lists, metadata and pictures of models.</summary>
public sealed class ModelRouteTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly ServerProcess _server = shared.Server;

    [Fact]
    public async Task Models_OfAFolder_AreListedSortedWithSubfolders()
    {
        Write("models/gligen/b.safetensors", []);
        Write("models/gligen/sub/a.pt", []);
        Write("models/gligen/readme.txt", []);
        Assert.Equal("[\"b.safetensors\",\"sub/a.pt\"]", await _server.Http.GetStringAsync("/api/models/gligen"));
        foreach (var unknown in (string[])["nofolder", "unet", "clip", "tokenizers"])
        {
            using var response = await _server.Http.GetAsync($"/models/{unknown}");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Embeddings_AreNamedWithoutTheirEnding()
    {
        Write("models/embeddings/style/night.v2.safetensors", []);
        var names = ((JArray)await _server.Http.GetJsonAsync("/embeddings")).Select(name => (string?)name);
        Assert.Contains("style/night.v2", names);
    }

    [Fact]
    public async Task Metadata_OfASafetensorsFile_IsItsTexts()
    {
        Write("models/clip/m.safetensors", Safetensors("{\"__metadata__\": {\"format\": \"pt\", \"ä\": \"ö\"}}"));
        Assert.Equal(
            "{\"format\":\"pt\",\"ä\":\"ö\"}",
            await _server.Http.GetStringAsync("/view_metadata/clip?filename=m.safetensors")
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("?filename=none.safetensors")]
    [InlineData("?filename=plain.safetensors")]
    [InlineData("?filename=long.safetensors")]
    [InlineData("?filename=cut.safetensors")]
    [InlineData("?filename=deep.safetensors")]
    [InlineData("?filename=wrong.txt")]
    [InlineData("?filename=../loras/m.safetensors")]
    public async Task Metadata_WhereThereIsNone_Is404AndEmpty(string query)
    {
        Write("models/loras/plain.safetensors", Safetensors("{}"));
        Write("models/loras/long.safetensors", [.. BitConverter.GetBytes(2UL << 20), .. new byte[100]]);
        Write("models/loras/cut.safetensors", [1, 2, 3]);
        Write("models/loras/deep.safetensors", Safetensors(new string('[', 5000)));
        Write("models/loras/wrong.txt", Safetensors("{\"__metadata__\": {}}"));
        using var response = await _server.Http.GetAsync(
            "/view_metadata/vae" + query.Replace("../", "..%2F", StringComparison.Ordinal)
        );
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        using var own = await _server.Http.GetAsync(
            "/view_metadata/loras" + query.Replace("../loras", "..", StringComparison.Ordinal)
        );
        Assert.Equal(HttpStatusCode.NotFound, own.StatusCode);
    }

    [Fact]
    public async Task Library_OfAFolder_HasSizesAndTimes()
    {
        Write("models/photomaker/p.safetensors", new byte[10]);
        Write("models/photomaker/.hidden/q.safetensors", []);
        Write("models/photomaker/readme.md", []);
        var file = Assert.Single((JArray)await _server.Http.GetJsonAsync("/experiment/models/photomaker"));
        Assert.Equal("p.safetensors", (string?)file["name"]);
        Assert.Equal(0, (int?)file["pathIndex"]);
        Assert.Equal(10, (int?)file["size"]);
        Assert.InRange((double)file["modified"]!, 1.7e9, 4e9);
        var keys = ((JArray)await _server.Http.GetJsonAsync("/experiment/models")).Select(entry =>
            (string?)entry["name"]
        );
        Assert.Contains("checkpoints", keys);
        Assert.DoesNotContain("configs", keys);
        Assert.DoesNotContain("custom_nodes", keys);
    }

    [Fact]
    public async Task Preview_OfAModel_IsThePictureBesideItOrInIt()
    {
        Write("models/style_models/sub/s.safetensors", Safetensors("{}"));
        Write("models/style_models/sub/s.preview.png", Pictures.Rgba());
        var covers = $"[\\\"{Convert.ToBase64String(Pictures.Rgba())}\\\"]";
        Write(
            "models/style_models/c.safetensors",
            Safetensors($"{{\"__metadata__\": {{\"ssmd_cover_images\": \"{covers}\"}}}}")
        );
        foreach (var name in (string[])["sub/s.safetensors", "sub%2Fs.safetensors", "c.safetensors"])
        {
            using var response = await _server.Http.GetAsync($"/experiment/models/preview/style_models/0/{name}");
            Assert.Equal("image/webp", response.Content.Headers.ContentType!.ToString());
            Assert.Equal(8, ImageDecoder.Decode(await response.Content.ReadAsByteArrayAsync(), name).Width);
        }
    }

    [Theory]
    [InlineData("style_models/0/none.safetensors")]
    [InlineData("style_models/9/c.safetensors")]
    [InlineData("style_models/x/c.safetensors")]
    [InlineData("nofolder/0/c.safetensors")]
    [InlineData("style_models/0/..%2F..%2Finput%2Fin.safetensors")]
    public async Task Preview_WhereThereIsNone_Is404(string path)
    {
        Write("input/in.png", Pictures.Rgba());
        using var response = await _server.Http.GetAsync($"/experiment/models/preview/{path}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static byte[] Safetensors(string header)
    {
        var text = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((ulong)text.Length), .. text];
    }

    private void Write(string relative, byte[] content)
    {
        var path = Path.Combine(_server.Folder, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }
}
