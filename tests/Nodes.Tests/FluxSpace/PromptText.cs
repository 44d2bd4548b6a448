using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.Nodes.FluxSpace;

/// <summary>Writes prompts in API format, node by node; a link is what <see cref="Add"/> gives.</summary>
internal sealed class PromptText
{
    private const int Size = 64;

    public JObject Nodes { get; } = [];

    /// <summary>Adds a node and gives its first output.</summary>
    public JArray Add(string type, params (string Name, object Value)[] inputs)
    {
        var id = $"{Nodes.Count + 1}";
        Nodes[id] = new JObject
        {
            ["class_type"] = type,
            ["inputs"] = new JObject(
                inputs.Select(input => new JProperty(
                    input.Name,
                    input.Value is JToken link ? link.DeepClone() : JToken.FromObject(input.Value)
                ))
            ),
        };
        return [id, 0];
    }

    /// <summary>Another output of the same node.</summary>
    public static JArray Output(JArray link, int index) => [link[0], index];

    public JArray Flux(string dtype = "default") =>
        Add("UNETLoader", ("unet_name", "nodehost-tiny-flux-dev.safetensors"), ("weight_dtype", dtype));

    public JArray FluxClip() =>
        Add(
            "DualCLIPLoader",
            ("clip_name1", "nodehost-tiny-clip_l.safetensors"),
            ("clip_name2", "nodehost-tiny-t5xxl.safetensors"),
            ("type", "flux")
        );

    public JArray Sd15() => Add("CheckpointLoaderSimple", ("ckpt_name", "nodehost-tiny-sd15.safetensors"));

    public JArray Encode(JArray clip, string text) => Add("CLIPTextEncode", ("text", text), ("clip", clip));

    public JArray Pair(JArray model, JArray a, JArray b, params (string Name, object Value)[] others) =>
        Edit("FluxSpaceEditPair", model, [("edit_conditioning_a", a), ("edit_conditioning_b", b), .. others]);

    /// <summary>An edit from a smile to a broad one.</summary>
    public JArray Smile(JArray model, JArray clip, params (string Name, object Value)[] others) =>
        Pair(model, Encode(clip, "a smile"), Encode(clip, "a broad smile"), others);

    /// <summary>An edit node with the usual settings where none are given.</summary>
    public JArray Edit(string type, JArray model, params (string Name, object Value)[] inputs)
    {
        (string Name, object Value)[] usual =
        [
            ("model", model),
            ("scale", 0.6),
            ("mix_b", 0.5),
            ("start_percent", 0.15),
            ("end_percent", 1.0),
            ("double_blocks_only", false),
            ("verbose", false),
        ];
        return Add(type, [.. inputs, .. usual.Where(item => inputs.All(input => input.Name != item.Name))]);
    }

    /// <summary>Samples and saves the latent.</summary>
    public PromptText Sample(
        JArray model,
        JArray positive,
        JArray negative,
        double cfg = 1,
        int steps = 6,
        string empty = "EmptySD3LatentImage",
        int seed = 3
    )
    {
        var latent = Add(empty, ("width", Size), ("height", Size), ("batch_size", 1));
        var sampled = Add(
            "KSampler",
            ("model", model),
            ("seed", seed),
            ("steps", steps),
            ("cfg", cfg),
            ("sampler_name", "euler"),
            ("scheduler", "simple"),
            ("positive", positive),
            ("negative", negative),
            ("latent_image", latent),
            ("denoise", 1.0)
        );
        Save(sampled);
        return this;
    }

    public void Save(JArray samples) => Add("SaveLatent", ("samples", samples), ("filename_prefix", "test"));
}
