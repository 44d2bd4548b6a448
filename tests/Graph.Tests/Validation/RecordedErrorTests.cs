using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Graph.Validation;
using NodeHost.Tests.Shared;

namespace NodeHost.Graph.Tests.Validation;

/// <summary>The answers that ComfyUI itself gave to bad prompts.</summary>
public sealed class RecordedErrorTests
{
    [GoldenFact]
    public async Task Validate_RecordedPrompts_AnswerAsComfyUi()
    {
        var validator = new PromptValidator(ComfyNodes.Catalogue, EmptyServices.Instance);
        var failures = new List<string>();
        foreach (var file in Directory.GetFiles(Golden.PathOf("public/errors"), "*.json"))
        {
            var recorded = JObject.Parse(await File.ReadAllTextAsync(file));
            if ((string?)recorded["path"] != "/prompt")
            {
                continue;
            }
            var body = (string?)recorded["request_text"] ?? recorded["request"]!.ToString();
            var validation = await validator.ValidateAsync(body);
            var given = validation.ToResponseJson(
                (string?)recorded["body"]?["prompt_id"] ?? "",
                recorded["body"]?["number"]?.DeepClone()
            );
            Mask(given);
            if (recorded["body"] is { } expected && !JToken.DeepEquals(expected, given))
            {
                failures.Add($"{Path.GetFileName(file)}\n expected {expected}\n given {given}");
            }
        }
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    private static void Mask(JObject body)
    {
        foreach (var trace in body.Descendants().OfType<JProperty>().Where(property => property.Name == "traceback"))
        {
            trace.Value = new JArray("(traceback)");
        }
    }
}
