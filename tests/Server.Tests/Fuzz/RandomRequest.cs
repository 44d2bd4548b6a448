using System.Net.Http.Headers;
using System.Text;
using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.Server.Fuzz;

/// <summary>A request that some client could send by mistake or on purpose.</summary>
internal sealed record RandomRequest(string Method, string Path, byte[]? Body, string? ContentType)
{
    private static readonly (string Path, JToken Body)[] Posts =
    [
        ("/prompt", Graphs.Request(Graphs.Trivial(), "fuzz")),
        ("/prompt", Graphs.Request(Graphs.Sampling(2), "fuzz", "an-id")),
        ("/queue", new JObject { ["clear"] = false, ["delete"] = new JArray("a", "b") }),
        ("/history", new JObject { ["clear"] = false, ["delete"] = new JArray("a") }),
        ("/interrupt", new JObject { ["prompt_id"] = "none" }),
        ("/free", new JObject { ["unload_models"] = true, ["free_memory"] = true }),
        ("/settings", new JObject { ["Comfy.DevMode"] = true }),
        ("/settings/Some.Setting", new JObject { ["a"] = 1 }),
        ("/users", new JObject { ["username"] = "fuzz" }),
        ("/api/jobs/cancel", new JObject { ["job_ids"] = new JArray("a") }),
        ("/workflow/convert", Graphs.Trivial()),
        ("/userdata/fuzz.json", new JObject { ["a"] = 1 }),
    ];

    private static readonly string[] Gets =
    [
        "/view?filename=a.png",
        "/view_metadata/checkpoints?filename=a.safetensors",
        "/history?max_items=3&offset=1",
        "/history/some-id",
        "/object_info/KSampler",
        "/models/checkpoints",
        "/userdata?dir=workflows&recurse=true",
        "/v2/userdata?path=a",
        "/userdata/workflows%2Fa.json",
        "/experiment/models/preview/checkpoints/0/a.safetensors",
        "/api/jobs?status=pending,failed&limit=2&offset=0&sort_by=created_at",
        "/settings/Some.Setting",
        "/internal/files/output",
        "/extensions/none/a.js",
        "/ws?clientId=fuzz",
    ];

    private static readonly string[] Pieces =
    [
        "..%2f",
        "%00",
        "%ff%fe",
        "%252e%252e/",
        "-1",
        "99999999999999999999",
        "&limit=x",
        "?a=b",
        "%e2%80%ae",
        "//",
        "[output]",
        "%5c..%5c",
        "nan",
        "+",
        "%",
        ";",
    ];

    private static readonly string?[] ContentTypes =
    [
        null,
        "application/json",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "image/png",
    ];

    public string Description =>
        $"{Method} {Path} ({ContentType}) {(Body is null ? "" : Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(400, Body.Length))))}";

    public static RandomRequest Create(Random random) =>
        random.Next(10) switch
        {
            < 6 => Post(random),
            < 9 => new(
                Pick(["GET", "GET", "GET", "HEAD", "DELETE", "PUT"], random),
                Damaged(Pick(Gets, random), random),
                null,
                null
            ),
            _ => Upload(random),
        };

    /// <summary>The request as it is: .NET would tidy up dots and escapes in a path otherwise.</summary>
    public HttpRequestMessage ToMessage(Uri server)
    {
        var verbatim = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var message = new HttpRequestMessage(
            new HttpMethod(Method),
            new Uri($"http://{server.Authority}{Path}", verbatim)
        );
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            if (ContentType is not null)
            {
                message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
            }
        }
        return message;
    }

    private static RandomRequest Post(Random random)
    {
        var (path, body) = Posts[random.Next(Posts.Length)];
        var text = JsonMutation.Mutate(body, random);
        return new(
            "POST",
            random.Next(8) == 0 ? Damaged(path, random) : path,
            Encoding.UTF8.GetBytes(text),
            Pick(ContentTypes, random)
        );
    }

    /// <summary>A form whose parts are damaged, or whose file is not what its name says.</summary>
    private static RandomRequest Upload(Random random)
    {
        var name = Pick(["a.png", "../a.png", "a\\..\\b.png", "", "a.latent", new string('n', 300) + ".png"], random);
        var form = $"""
            --x
            Content-Disposition: form-data; name="image"; filename="{name}"

            {Pick(["not a picture", "\u0089PNG\r\n\u001a\n", ""], random)}
            --x
            Content-Disposition: form-data; name="{Pick(["type", "subfolder", "overwrite", "original_ref"], random)}"

            {Pick(["input", "temp", "nowhere", "../..", "true", "{\"filename\":\"a.png\"}", "{"], random)}
            --x--

            """.ReplaceLineEndings("\r\n");
        if (random.Next(3) == 0)
        {
            form = form.Remove(random.Next(form.Length), 1);
        }
        return new(
            "POST",
            Pick(["/upload/image", "/upload/mask", "/workflow/convert"], random),
            Encoding.UTF8.GetBytes(form),
            Pick(["multipart/form-data; boundary=x", "multipart/form-data", "text/plain"], random)
        );
    }

    private static string Damaged(string path, Random random)
    {
        var at = random.Next(1, path.Length + 1);
        return path.Insert(at, Pick(Pieces, random));
    }

    private static T Pick<T>(T[] values, Random random) => values[random.Next(values.Length)];
}
