using Newtonsoft.Json.Linq;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.EndToEnd;

/// <summary>The example workflows, and what makes each of them quick: tiny models, a small size, few steps.</summary>
internal static class Workflows
{
    /// <summary>Tiny twins of the public files, under <c>workflows/models</c>.</summary>
    private static readonly Dictionary<string, string> TinyFiles = new()
    {
        ["v1-5-pruned-emaonly.safetensors"] = "nodehost-tiny-sd15.safetensors",
        ["sd_xl_base_1.0.safetensors"] = "nodehost-tiny-sdxl-base.safetensors",
        ["sd_xl_refiner_1.0.safetensors"] = "nodehost-tiny-sdxl-refiner.safetensors",
        ["lcm-lora-sdv1-5.safetensors"] = "nodehost-tiny-sd15-lora.safetensors",
        ["flux1-dev.safetensors"] = "nodehost-tiny-flux-dev.safetensors",
        ["flux1-krea-dev.safetensors"] = "nodehost-tiny-flux-dev.safetensors",
        ["smile_slider.safetensors"] = "nodehost-tiny-flux-lora.safetensors",
        ["flux1-kontext-dev.safetensors"] = "nodehost-tiny-flux-dev.safetensors",
        ["flux1-fill-dev.safetensors"] = "nodehost-tiny-flux-fill-dev.safetensors",
        ["clip_l.safetensors"] = "nodehost-tiny-clip_l.safetensors",
        ["t5xxl_fp16.safetensors"] = "nodehost-tiny-t5xxl.safetensors",
        ["flux1-dev-Q8_0.gguf"] = "nodehost-tiny-flux-dev.gguf",
        ["t5-v1_1-xxl-encoder-Q8_0.gguf"] = "nodehost-tiny-t5xxl.gguf",
        ["realesr-general-x4v3.pth"] = "nodehost-tiny-x4.safetensors",
        ["ae.safetensors"] = "nodehost-tiny-flux-ae.safetensors",
    };

    private static readonly Dictionary<string, string> Quick = new()
    {
        ["EmptyLatentImage.width"] = "64",
        ["EmptyLatentImage.height"] = "64",
        ["EmptySD3LatentImage.width"] = "64",
        ["EmptySD3LatentImage.height"] = "64",
        ["KSampler.steps"] = "2",
        ["BasicScheduler.steps"] = "2",
    };

    public static string Folder { get; } = Path.Combine(Repository.Root, "workflows");

    /// <summary>The workflows in API format.</summary>
    public static IEnumerable<string> Api => Names(Folder);

    /// <summary>Their twins in the canvas's format.</summary>
    public static IEnumerable<string> Canvas => Names(Path.Combine(Folder, "canvas")).Select(name => $"canvas/{name}");

    /// <summary>The overrides that apply to a workflow, as <c>--set</c> takes them; nodes have the same ids in both formats.</summary>
    public static IEnumerable<string> OnTinyModel(string workflow) =>
        from node in JObject.Parse(File.ReadAllText(Path.Combine(Folder, Path.GetFileName(workflow)))).Properties()
        from input in ((JObject)node.Value["inputs"]!).Properties()
        let quick = Quick.GetValueOrDefault($"{node.Value["class_type"]}.{input.Name}")
        let value = quick ?? TinyFiles.GetValueOrDefault($"{input.Value}")
        where value is not null
        select $"{node.Name}.{input.Name}={value}";

    private static IEnumerable<string> Names(string folder) =>
        Directory.GetFiles(folder, "*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
