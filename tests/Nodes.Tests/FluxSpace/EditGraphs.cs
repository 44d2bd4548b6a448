using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.Nodes.FluxSpace;

/// <summary>Prompts around an edited or gated model, and the nodes they are about.</summary>
internal static class EditGraphs
{
    public delegate JArray Wiring(PromptText text, JArray model, JArray clip);

    public static PromptText Prompt(Wiring wire, int steps = 6)
    {
        var text = new PromptText();
        var (model, clip) = (text.Flux(), text.FluxClip());
        var start = text.Encode(clip, "a portrait of a woman");
        var negative = text.Encode(clip, "blurry");
        var guided = text.Add("FluxGuidance", ("conditioning", start), ("guidance", 3.5));
        text.Add("FluxGuidance", ("conditioning", negative), ("guidance", 2.0));
        return text.Sample(wire(text, model, clip), guided, guided, steps: steps);
    }

    public static PromptText Sd15(Wiring wire) => Checkpoint("nodehost-tiny-sd15.safetensors", wire);

    public static PromptText Checkpoint(string file, Wiring wire)
    {
        var text = new PromptText();
        var checkpoint = text.Add("CheckpointLoaderSimple", ("ckpt_name", file));
        var clip = PromptText.Output(checkpoint, 1);
        var (positive, negative) = (text.Encode(clip, "a portrait"), text.Encode(clip, "blurry"));
        return text.Sample(wire(text, checkpoint, clip), positive, negative, 3, 2, "EmptyLatentImage");
    }

    public static JArray Gate(
        PromptText text,
        JArray model,
        double start,
        double end,
        string file = "nodehost-tiny-flux-lora.safetensors"
    ) =>
        text.Add(
            "LoraLoaderStepGated",
            ("model", model),
            ("lora_name", file),
            ("strength_model", 0.9),
            ("start_percent", start),
            ("end_percent", end)
        );

    public static JArray Capture(
        PromptText text,
        JArray model,
        JArray clip,
        string path,
        string sites,
        bool onlyDouble = false
    ) =>
        text.Smile(
            model,
            clip,
            ("double_blocks_only", onlyDouble),
            ("full_measure_path", path),
            ("full_capture_sites_json", sites)
        );

    public static JArray Advanced(PromptText text, JArray model, string windows, string blocks) =>
        text.Add(
            "LoraLoaderStepGatedAdvanced",
            ("model", model),
            ("lora_name", "nodehost-tiny-flux-lora.safetensors"),
            ("strength_model", 0.9),
            ("windows", windows),
            ("block_strengths", blocks)
        );

    public static JArray Direct(PromptText text, JArray model, string file, string blocks) =>
        text.Add(
            "FluxSpaceEditDirect",
            ("model", model),
            ("delta_npz_path", file),
            ("blocks", blocks),
            ("scale", 1.0),
            ("start_percent", 0.0),
            ("end_percent", 1.0),
            ("verbose", false)
        );

    public static JArray InjectFull(PromptText text, JArray model, string file, bool renormalise) =>
        text.Add(
            "FluxSpaceDirectionInjectFull",
            ("model", model),
            ("delta_full_npz_path", file),
            ("scale", 1.0),
            ("start_percent", 0.0),
            ("end_percent", 1.0),
            ("renorm", renormalise),
            ("verbose", false)
        );
}
