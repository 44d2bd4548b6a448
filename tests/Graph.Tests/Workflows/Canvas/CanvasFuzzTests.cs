using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;
using NodeHost.Graph.Workflows.Canvas;
using NodeHost.Tests.Shared;

namespace NodeHost.Graph.Tests.Workflows.Canvas;

public class CanvasFuzzTests
{
    [GoldenFact]
    public void Convert_MutatedGoldenWorkflow_IsAPromptOrACanvasException()
    {
        var folder = Golden.PathOf(Path.Combine("public", "convert"));
        var definitions = Read(Path.Combine(folder, "object_info.json"));
        var files = Directory
            .GetFiles(folder, "workflow.json", SearchOption.AllDirectories)
            .Order()
            .Select(Read)
            .ToArray();
        for (var seed = 0; seed < 1500; seed++)
        {
            var random = new Random(seed);
            var file = (JObject)files[seed % files.Length].DeepClone();
            for (var count = random.Next(1, 8); count > 0; count--)
            {
                Mutate(file, random);
            }
            try
            {
                AssertSound(CanvasConverter.Convert(file, definitions, random: random).Prompt, seed);
            }
            catch (CanvasException)
            {
                // A refusal is as good as a prompt.
            }
        }
    }

    private static void AssertSound(JObject prompt, int seed)
    {
        foreach (var node in prompt.Properties())
        {
            foreach (var input in ((JObject)node.Value["inputs"]!).Properties())
            {
                if (input.Value is JArray link)
                {
                    Assert.True(
                        prompt.ContainsKey((string)link[0]!),
                        $"seed {seed}: {node.Name}.{input.Name} is linked to nothing"
                    );
                }
            }
        }
    }

    private static void Mutate(JObject file, Random random)
    {
        var tokens = file.Descendants().Where(token => token is not JProperty).ToArray();
        if (tokens.Length == 0)
        {
            return;
        }
        var chosen = tokens[random.Next(tokens.Length)];
        var other = tokens[random.Next(tokens.Length)];
        switch (random.Next(4))
        {
            case 0 when chosen.Parent is JProperty property:
                property.Remove();
                break;
            case 0:
                chosen.Remove();
                break;
            case 1:
                chosen.Replace(other.DeepClone());
                break;
            case 2 when chosen.Parent is JArray list:
                list.Add(other.DeepClone());
                break;
            default:
                JToken[] odd =
                [
                    -1,
                    0,
                    10,
                    4.5,
                    "",
                    "10",
                    "workflow>x",
                    JValue.CreateNull(),
                    new JArray(),
                    new JObject(),
                    true,
                    1e300,
                ];
                chosen.Replace(odd[random.Next(odd.Length)]);
                break;
        }
    }

    private static JObject Read(string path) => (JObject)PromptJson.Parse(File.ReadAllText(path));
}
