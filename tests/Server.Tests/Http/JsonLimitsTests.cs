using Newtonsoft.Json.Linq;
using NodeHost.Server;

namespace NodeHost.Tests.Server.Http;

public sealed class JsonLimitsTests
{
    private static readonly RequestLimits Small = new()
    {
        JsonDepth = 3,
        StringLength = 5,
        PromptNodes = 2,
    };

    [Theory]
    [InlineData("""{"a": {"b": [1, 2]}}""", null)]
    [InlineData("""{"a": {"b": [[1]]}}""", "3 levels")]
    [InlineData("""[[[[]]]]""", "3 levels")]
    [InlineData("""["12345"]""", null)]
    [InlineData("""["123456"]""", "6 characters")]
    [InlineData("""{"123456": 1}""", "6 characters")]
    public void Check_Json_IsRefusedBeyondItsLimits(string json, string? problem) =>
        AssertRefusal(problem, () => JsonLimits.Check(JToken.Parse(json), Small));

    [Theory]
    [InlineData("""{"1": {}, "2": {}}""", null)]
    [InlineData("""{"1": {}, "2": {}, "3": {}}""", "3 nodes")]
    [InlineData("null", null)]
    public void CheckPrompt_Nodes_AreCounted(string prompt, string? problem) =>
        AssertRefusal(problem, () => JsonLimits.CheckPrompt(JToken.Parse(prompt), Small));

    private static void AssertRefusal(string? problem, Action check)
    {
        if (problem is null)
        {
            check();
            return;
        }
        var error = Assert.Throws<RequestException>(check);
        Assert.Equal(413, error.Status);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }
}
