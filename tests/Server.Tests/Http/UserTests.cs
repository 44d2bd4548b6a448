using System.Net;
using System.Text;
using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.Server.Http;

/// <summary>Users, settings and users' files of a server of their own.</summary>
public sealed class UserTests : IAsyncLifetime
{
    private ServerProcess _server = null!;

    private HttpClient Http => _server.Http;

    public async Task InitializeAsync() => _server = await ServerProcess.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Settings_PostedAsPlainTextAndMerged_AreKeptInOrder()
    {
        Assert.Equal("{\"storage\":\"server\",\"migrated\":false}", await Http.GetStringAsync("/users"));
        Assert.Equal("{}", await Http.GetStringAsync("/api/settings"));
        using var one = await Http.PostTextAsync("/api/settings/Comfy.A.B", "{\"a\": 1}", "text/plain");
        using var two = await Http.PostTextAsync("/api/settings", "{\"Other\": true, \"Third\": null}", null);
        Assert.Equal(HttpStatusCode.OK, two.StatusCode);
        Assert.Equal("application/octet-stream", two.Content.Headers.ContentType!.ToString());

        Assert.Equal("{\"Comfy.A.B\":{\"a\":1},\"Other\":true,\"Third\":null}", await Http.GetStringAsync("/settings"));
        Assert.Equal("{\"a\":1}", await Http.GetStringAsync("/settings/Comfy.A.B"));
        Assert.Equal("null", await Http.GetStringAsync("/settings/none"));
        Assert.Contains(
            "\n    \"Other\": true",
            File.ReadAllText(Path.Combine(_server.Folder, "user", "default", "comfy.settings.json")),
            StringComparison.Ordinal
        );
        Assert.Equal("{\"storage\":\"server\",\"migrated\":true}", await Http.GetStringAsync("/users"));
    }

    [Fact]
    public async Task Settings_ByManyAtOnce_LoseNone()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 40),
            async (number, _) => (await Http.PostTextAsync($"/settings/S{number}", $"{number}")).Dispose()
        );
        Assert.Equal(40, ((JObject)await Http.GetJsonAsync("/settings")).Count);
    }

    [Fact]
    public async Task UserData_SavedListedMovedAndDeleted_FollowsTheName()
    {
        using var saved = await Http.PostTextAsync(
            "/api/userdata/workflows%2Fsub%2Fä 1.json?full_info=true",
            "{\"x\": 1}",
            null
        );
        var info = (JObject)await saved.ReadJsonAsync();
        Assert.Equal("workflows/sub/ä 1.json", (string?)info["path"]);
        Assert.Equal(8, (int?)info["size"]);

        Assert.Equal("[\"sub/ä 1.json\"]", await ListAsync("dir=workflows&recurse=true"));
        Assert.Equal("[]", await ListAsync("dir=workflows&recurse=false"));
        Assert.Equal(
            "[[\"sub/ä 1.json\",\"sub\",\"ä 1.json\"]]",
            await ListAsync("dir=workflows&recurse=true&split=true")
        );

        using var got = await Http.GetAsync("/userdata/workflows%2Fsub%2F%C3%A4%201.json");
        Assert.Equal("{\"x\": 1}", await got.Content.ReadAsStringAsync());
        Assert.Equal("application/json", got.Content.Headers.ContentType!.ToString());
        Assert.Equal(["nosniff"], got.Headers.GetValues("X-Content-Type-Options"));

        using var kept = await Http.PostTextAsync("/userdata/workflows%2Fsub%2Fä 1.json?overwrite=false", "{}");
        Assert.Equal(HttpStatusCode.Conflict, kept.StatusCode);
        Assert.Equal("File already exists", await kept.Content.ReadAsStringAsync());
        using var replaced = await Http.PostTextAsync("/userdata/workflows%2Fsub%2Fä 1.json?overwrite=undefined", "{}");
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);

        using var moved = await Http.PostTextAsync("/userdata/workflows%2Fsub%2Fä 1.json/move/workflows%2Fb.json", "");
        Assert.Equal("\"workflows/b.json\"", await moved.Content.ReadAsStringAsync());
        using var deleted = await Http.DeleteAsync("/userdata/workflows%2Fb.json");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await Http.DeleteAsync("/userdata/workflows%2Fb.json");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Theory]
    [InlineData("page.html", true)]
    [InlineData("drawing.svg", true)]
    [InlineData("user.css", false)]
    [InlineData("workflow.json", false)]
    public async Task UserData_FileThatCouldRun_IsSavedInsteadOfShown(string name, bool saved)
    {
        (await Http.PostTextAsync($"/userdata/{name}", "x")).Dispose();
        using var response = await Http.GetAsync($"/userdata/{name}");
        Assert.Equal(saved, response.Content.Headers.Contains("Content-Disposition"));
    }

    [Fact]
    public async Task UserData_NameWithAPercentSign_IsKept()
    {
        using var saved = await Http.PostTextAsync("/userdata/100%25.json", "{}");
        Assert.Equal("\"100%.json\"", await saved.Content.ReadAsStringAsync());
        Assert.True(File.Exists(Path.Combine(_server.Folder, "user", "default", "100%.json")));
    }

    [Fact]
    public async Task UserDataTree_OfAFolder_ListsDirectoriesFirst()
    {
        Assert.Equal("[]", await Http.GetStringAsync("/v2/userdata"));
        foreach (var name in (string[])["b.json", "a.json", "z%2Finner.json"])
        {
            (await Http.PostTextAsync($"/userdata/{name}", "{}")).Dispose();
        }
        var names = ((JArray)await Http.GetJsonAsync("/v2/userdata?path=")).Select(entry => (string?)entry["path"]);
        Assert.Equal(["z", "a.json", "b.json", "z/inner.json"], names);
        using var file = await Http.GetAsync("/v2/userdata?path=a.json");
        Assert.Equal("Requested path is not a directory", await file.Content.ReadAsStringAsync());
        using var missing = await Http.GetAsync("/v2/userdata?path=none");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var outside = await Http.GetAsync("/v2/userdata?path=..%2F..");
        Assert.Equal(HttpStatusCode.BadRequest, outside.StatusCode);
    }

    [Fact]
    public async Task UserData_LinkOutOfTheFolder_IsNotFollowed()
    {
        (await Http.PostTextAsync("/userdata/a.json", "{}")).Dispose();
        File.WriteAllText(Path.Combine(_server.Folder, "secret.txt"), "secret");
        File.CreateSymbolicLink(
            Path.Combine(_server.Folder, "user", "default", "link"),
            Path.Combine(_server.Folder, "secret.txt")
        );
        using var response = await Http.GetAsync("/userdata/link");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task UserData_BodyBeyondTheLimit_Is413AndLeavesNothing()
    {
        await using var small = await ServerProcess.StartAsync("--max-upload-size", "0.001");
        using var response = await small.Http.PostTextAsync("/userdata/big.json", new string('x', 5000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("--max-upload-size", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            Directory.GetFiles(Path.Combine(small.Folder, "user"), "*", SearchOption.AllDirectories),
            file => file.Contains("partial", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task MultiUser_ByHeader_KeepsSettingsApart()
    {
        await using var server = await ServerProcess.StartAsync("--multi-user");
        using var created = await server.Http.PostTextAsync("/users", "{\"username\": \"Anna B.\"}");
        var id = (string)(await created.ReadJsonAsync())!;
        Assert.StartsWith("Anna-B-_", id, StringComparison.Ordinal);
        using var again = await server.Http.PostTextAsync("/users", "{\"username\": \"Anna B.\"}");
        Assert.Equal("{\"error\":\"Duplicate username.\"}", await again.Content.ReadAsStringAsync());
        Assert.Equal(
            $"{{\"storage\":\"server\",\"users\":{{\"{id}\":\"Anna B.\"}}}}",
            await server.Http.GetStringAsync("/users")
        );

        using var request = Requests.Create("POST", "/settings/A", ("comfy-user", id));
        request.Content = new StringContent("1", Encoding.UTF8);
        (await server.Http.SendAsync(request)).Dispose();
        Assert.Equal("{}", await server.Http.GetStringAsync("/settings"));
        using var own = await server.Http.SendAsync(Requests.Create("GET", "/settings", ("comfy-user", id)));
        Assert.Equal("{\"A\":1}", await own.Content.ReadAsStringAsync());
        foreach (var (path, status) in ((string, int)[])[("/settings", 401), ("/v2/userdata", 403)])
        {
            foreach (var stranger in (string[])["nobody", "__system", "../x"])
            {
                using var refused = await server.Http.SendAsync(Requests.Create("GET", path, ("comfy-user", stranger)));
                Assert.Equal(status, (int)refused.StatusCode);
            }
        }
    }

    private Task<string> ListAsync(string query) => Http.GetStringAsync($"/userdata?{query}");
}
