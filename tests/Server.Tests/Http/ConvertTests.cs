using System.Net;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;
using NodeHost.Images.Png;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Server.Http;

/// <summary><c>POST /workflow/convert</c>.</summary>
public sealed class ConvertTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Prompt = """{"1": {"class_type": "EmptyLatentImage", "inputs": {"width": 64}}}""";

    private readonly HttpClient _http = shared.Server.Http;

    [Fact]
    public async Task Convert_CanvasOfTheRepository_GivesAPromptThatIsAccepted()
    {
        var file = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "workflows"), "*.json", SearchOption.AllDirectories)
            .First(path => ((PromptJson.Parse(File.ReadAllText(path)) as JObject)?["nodes"] as JArray) is not null);
        using var response = await _http.PostTextAsync(
            "/workflow/convert",
            File.ReadAllText(file),
            "application/x-www-form-urlencoded"
        );
        var answer = (JObject)await response.ReadJsonAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEmpty((JObject)answer["prompt"]!);
        Assert.NotNull(answer["workflow"]!["nodes"]);
    }

    [Fact]
    public async Task Convert_PictureWithAPrompt_GivesThePrompt()
    {
        var picture = Pictures.Rgba(
            0,
            [new PngText("prompt", Prompt), new PngText("workflow", """{"nodes": [], "links": []}""")]
        );
        foreach (var asForm in (bool[])[true, false])
        {
            using HttpContent content = asForm
                ? new MultipartFormDataContent { { new ByteArrayContent(picture), "file", "a.png" } }
                : new ByteArrayContent(picture);
            using var response = await _http.PostAsync("/api/workflow/convert", content);
            var answer = (JObject)await response.ReadJsonAsync();
            Assert.True(JToken.DeepEquals(PromptJson.Parse(Prompt), answer["prompt"]));
        }
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData(
        """{"nodes": [{"id": 1, "type": "NoSuchNode", "inputs": [], "outputs": []}], "links": [], "version": 0.4}"""
    )]
    public async Task Convert_WhatCannotBe_IsAListOfProblems(string body)
    {
        using var response = await _http.PostTextAsync("/workflow/convert", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty((JArray)((JObject)await response.ReadJsonAsync())["problems"]!);
    }

    [Fact]
    public async Task Convert_PictureWithoutAWorkflow_SaysSo()
    {
        using var content = new ByteArrayContent(Pictures.Rgba());
        using var response = await _http.PostAsync("/workflow/convert", content);
        Assert.Contains("carries no workflow", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
