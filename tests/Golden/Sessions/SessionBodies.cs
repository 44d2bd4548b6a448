using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Golden.Sessions;

/// <summary>The bodies that the recording gives only in bytes.</summary>
/// <remarks>
/// The prompts are the graph of the case <c>version1_links</c> with 3 steps: the sizes of request, queue and history
/// come out to the byte. Pictures are smaller here, with as many digits, for speed. The long prompts have 4000 steps and
/// another width of as many digits; which one is not known. Of the invalid prompt is known what is wrong with it, not
/// where: here a text is missing and a sampler is misspelt. The saved workflow is known by its size only.
/// </remarks>
internal sealed class SessionBodies(GoldenFolder folder)
{
    /// <summary>Steps of the prompts that do not come to their end.</summary>
    public const int LongSteps = 4000;

    private const int ShortSteps = 3;
    private const int ShortWidth = 128;
    private const int LongWidth = 384;
    private const int Height = 128;

    public byte[] For(string phase, JToken exchange, string clientId)
    {
        var size = (int)exchange["request_body_bytes"]!;
        var text = phase switch
        {
            "save_workflow" => Graph("workflow_serialized").PadRight(size),
            "invalid_prompt" => Prompt(clientId, ShortSteps, ShortWidth, Spoil),
            "long_run_start" => Prompt(clientId, LongSteps, LongWidth),
            _ => Prompt(clientId, ShortSteps, ShortWidth),
        };
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length == size || phase == "invalid_prompt"
            ? bytes
            : throw new InvalidDataException(
                $"{exchange["path"]}: the body put together has {bytes.Length} bytes, the recorded one {size}."
            );
    }

    private string Prompt(string clientId, int steps, int width, Action<JObject>? spoil = null)
    {
        var prompt = (JObject)Read("prompt");
        var workflow = (JObject)Read("workflow_serialized");
        prompt["3"]!["inputs"]!["steps"] = steps;
        Node(workflow, 3)["widgets_values"]![2] = steps;
        var sizes = Node(workflow, 5)["widgets_values"]!;
        prompt["5"]!["inputs"]!["width"] = sizes[0] = width;
        prompt["5"]!["inputs"]!["height"] = sizes[1] = Height;
        spoil?.Invoke(prompt);
        var body = new JObject
        {
            ["client_id"] = clientId,
            ["prompt"] = prompt,
            ["extra_data"] = new JObject { ["extra_pnginfo"] = new JObject { ["workflow"] = workflow } },
        };
        return PromptJson.Write(body);
    }

    private static void Spoil(JObject prompt)
    {
        ((JObject)prompt["6"]!["inputs"]!).Remove("text");
        prompt["3"]!["inputs"]!["sampler_name"] = "eulerr";
    }

    private static JToken Node(JObject workflow, int id) => workflow["nodes"]!.Single(node => (int)node["id"]! == id);

    private string Graph(string name) => PromptJson.Write(Read(name));

    private JToken Read(string name) =>
        GoldenFolder.ReadJson(folder.PathOf("convert", "version1_links", $"{name}.json"));
}
