using System.Text;

namespace NodeHost.Tests.Server.Http;

/// <summary>Requests put together at random, from a fixed seed: none of them may be the server's fault, or leave its folders.</summary>
public sealed class FileRouteFuzzTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const int Requests = 1000;

    private static readonly string[] Routes =
    [
        "/view?filename=",
        "/view?filename=a.png&preview=",
        "/view?filename=a.png&type=input&channel=",
        "/view?subfolder=",
        "/upload/image",
        "/upload/mask",
        "/view_metadata/vae?filename=",
        "/models/",
        "/experiment/models/",
        "/experiment/models/preview/vae/0/",
        "/userdata/",
        "/userdata/a/move/",
        "/userdata?dir=",
        "/v2/userdata?path=",
        "/settings/",
        "/users",
        "/extensions/",
        "/api/workflow_templates/",
        "/internal/files/",
        "/internal/logs/subscribe",
        "/workflow/convert",
        "/",
    ];

    private static readonly string[] Pieces =
    [
        "..",
        "%2e%2e",
        "%2F",
        "%5C",
        "%252F",
        "/",
        "a.png",
        "[output]",
        "%00",
        "%",
        "%zz",
        "%C0%AF",
        "%F0%9F%98%80",
        "?",
        "&",
        "=",
        "-1",
        "1e999",
        "{}",
        "webp;",
        "jpeg;50",
        "input",
        "%0d%0a",
        "::$DATA",
        "__x",
        "secret.txt",
    ];

    private static readonly string[] Bodies =
    [
        "",
        "{}",
        "[",
        "null",
        "\"x\"",
        "{\"username\": {}}",
        "{\"clientId\": 7, \"enabled\": \"x\"}",
        Part("image", "../x.png", "abc"),
        Part("image", "a.png", "\u0089PNG\r\n\u001a\n"),
        Part("image", "a.txt", "abc") + Part("original_ref", null, "{\"filename\": [], \"type\": {}}") + "--b--\r\n",
        new string('[', 5000),
    ];

    private static readonly string?[] Types =
    [
        null,
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=b",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "nonsense",
    ];

    [Fact]
    public async Task AnyRequest_IsAnsweredAndNeverTheServersFault()
    {
        var random = new Random(20261121);
        var secret = Path.Combine(shared.Server.Folder, "secret.txt");
        File.WriteAllText(secret, "a secret");
        for (var number = 0; number < Requests; number++)
        {
            using var request = Make(random);
            using var response = await shared.Server.Http.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            Assert.True((int)response.StatusCode < 500, $"{request.Method} {request.RequestUri}: {body}");
            Assert.DoesNotContain("a secret", body, StringComparison.Ordinal);
        }
        Assert.Equal("a secret", File.ReadAllText(secret));
        var outside = Directory.GetFiles(shared.Server.Folder).Select(file => Path.GetFileName(file));
        Assert.Equal(["secret.txt"], outside);
    }

    private HttpRequestMessage Make(Random random)
    {
        var tail = string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Pick(random, Pieces)));
        var address = shared.Server.Address.GetLeftPart(UriPartial.Authority) + Pick(random, Routes) + tail;
        var method = Pick(random, ["GET", "GET", "HEAD", "POST", "POST", "DELETE", "PATCH", "OPTIONS", "PUT"]);
        var request = new HttpRequestMessage(
            new HttpMethod(method),
            new Uri(address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })
        );
        if (method is "POST" or "PATCH" or "PUT")
        {
            request.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(Pick(random, Bodies)));
            if (Pick(random, Types) is { } type)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            }
        }
        foreach (
            var (name, value) in ((string, string)[])
                [("comfy-user", ".."), ("Range", "bytes=9-1"), ("If-None-Match", ",,"), ("Accept", "text/html")]
        )
        {
            if (random.Next(8) == 0)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return request;
    }

    private static string Part(string name, string? file, string content) =>
        $"--b\r\nContent-Disposition: form-data; name=\"{name}\"{(file is null ? "" : $"; filename=\"{file}\"")}\r\n\r\n{content}\r\n";

    private static TItem Pick<TItem>(Random random, TItem[] items) => items[random.Next(items.Length)];
}
