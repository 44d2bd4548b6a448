using System.Net;
using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.Server.Api;

/// <summary>What becomes of <c>POST /prompt</c>.</summary>
public sealed class PromptRoutesTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly ServerProcess _server = shared.Server;

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("{not json", "invalid_json")]
    [InlineData("[1,2]", "no_prompt")]
    [InlineData("{}", "no_prompt")]
    [InlineData("{\"prompt\":5}", "invalid_prompt")]
    [InlineData("{\"prompt\":{},\"number\":\"x\"}", "invalid_prompt")]
    [InlineData("{\"prompt\":{}}", "prompt_no_outputs")]
    [InlineData("{\"prompt\":{\"1\":\"text\"}}", "invalid_prompt")]
    public async Task BadBody_IsRefusedWithComfyUisShape(string body, string type)
    {
        using var response = await _server.Http.PostTextAsync("/prompt", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var answer = await response.ReadJsonAsync();
        Assert.Equal(type, (string?)answer["error"]!["type"]);
        Assert.Equal(new JObject(), answer["node_errors"]!, JToken.EqualityComparer);
    }

    [Theory]
    [InlineData(1, HttpStatusCode.OK)]
    [InlineData(30, HttpStatusCode.OK)] // beyond 64 bits
    [InlineData(320, HttpStatusCode.BadRequest)] // beyond a real
    public async Task IntegersOfAnySize_AreReadAsNumbers(int digits, HttpStatusCode expected)
    {
        var number = new string('9', digits);
        using var free = await _server.Http.PostTextAsync("/free", $"{{\"unload_models\":{number}}}");
        Assert.Equal(HttpStatusCode.OK, free.StatusCode);
        var body = $"{{\"number\":{number},\"prompt\":{Graphs.Trivial(77 + digits)}}}";
        using var prompt = await _server.Http.PostTextAsync("/prompt", body);
        Assert.Equal(expected, prompt.StatusCode);
    }

    [Fact]
    public async Task NestedTooDeep_IsRefused()
    {
        var body = "{\"prompt\":" + new string('[', 5000) + new string(']', 5000) + "}";
        using var response = await _server.Http.PostTextAsync("/prompt", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task LargerThanTheLimit_Is413()
    {
        await using var server = await ServerProcess.StartAsync("--max-upload-size", "0.01");
        using var response = await server.Http.PostTextAsync("/prompt", new string(' ', 20_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task PromptIdInUse_Is409WithItsState()
    {
        var id = await _server.QueueAsync(Graphs.Request(Graphs.Trivial(301), promptId: "the same"));
        await _server.WaitForHistoryAsync(id);
        using var again = await _server.Http.PostJsonAsync(
            "/prompt",
            Graphs.Request(Graphs.Trivial(301), promptId: "the same")
        );
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Contains(
            "completed",
            (string?)(await again.ReadJsonAsync())["error"]!["details"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Numbers_CountUpAndFrontTurnsThemRound()
    {
        await using var server = await ServerProcess.StartAsync();
        await server.QueueAsync(Graphs.Request(Graphs.Endless()));
        var numbers = new List<JToken?>();
        foreach (var extra in (string[])["{}", "{\"front\":true}", "{\"number\":0.5}", "{\"number\":7}", "{}"])
        {
            var request = Graphs.Request(Graphs.Trivial());
            request.Merge(JObject.Parse(extra));
            using var response = await server.Http.PostJsonAsync("/prompt", request);
            numbers.Add((await response.ReadJsonAsync())["number"]);
        }
        Assert.Equal([1, -2, 0.5, 7, 3], numbers.Select(number => (double)number!));
        await server.Http.PostJsonAsync("/queue", new JObject { ["clear"] = true });
    }

    [Fact]
    public async Task Wait_AnswersWithTheResult()
    {
        using var response = await _server.Http.PostJsonAsync("/prompt?wait=true", Graphs.Request(Graphs.Trivial(302)));
        var answer = await response.ReadJsonAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("success", (string?)answer["status"]!["status_str"]);
        Assert.Equal("temp", (string?)answer["outputs"]!["2"]!["images"]![0]!["type"]);
        Assert.NotNull(answer["prompt_id"]);
    }

    [Fact]
    public async Task Wait_LongerThanItsTimeout_Is202AndTheJobGoesOn()
    {
        await using var server = await ServerProcess.StartAsync();
        using var response = await server.Http.PostJsonAsync(
            "/prompt?wait=true&timeout=0.2",
            Graphs.Request(Graphs.Endless())
        );
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await server.WaitUntilRunningAsync((string)(await response.ReadJsonAsync())["prompt_id"]!);
    }

    [Fact]
    public async Task Wait_ForAJobThatIsTakenBack_Is410()
    {
        await using var server = await ServerProcess.StartAsync();
        await server.QueueAsync(Graphs.Request(Graphs.Endless()));
        var waiting = server.Http.PostJsonAsync(
            "/prompt?wait=true",
            Graphs.Request(Graphs.Trivial(), promptId: "waiting")
        );
        await ServerActions.UntilAsync(
            "the job is pending",
            async () => (await server.Http.GetJsonAsync("/queue"))["queue_pending"]!.Any()
        );
        await server.Http.PostJsonAsync("/queue", new JObject { ["clear"] = true });
        using var response = await waiting;
        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
    }

    [Fact]
    public async Task Nan_InABody_IsNeverWrittenAgain()
    {
        var body =
            Graphs.Request(Graphs.Trivial(303), promptId: "nan").ToString().TrimEnd('}')
            + ",\"extra_data\":{\"x\":NaN}}";
        using var response = await _server.Http.PostTextAsync("/prompt", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await _server.WaitForHistoryAsync("nan");
        Assert.DoesNotContain("NaN", await _server.Http.GetStringAsync("/history/nan"), StringComparison.Ordinal);
    }
}
