using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.EndToEnd;

/// <summary>The example workflows, and what makes each of them quick: the tiny model, a small size, few steps.</summary>
internal static class Workflows
{
    private static readonly (string ClassType, string Input, string Value)[] Quick =
    [
        ("CheckpointLoaderSimple", "ckpt_name", "nodehost-tiny-sd15.safetensors"),
        ("EmptyLatentImage", "width", "64"),
        ("EmptyLatentImage", "height", "64"),
        ("KSampler", "steps", "2"),
    ];

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "workflows");

    public static IEnumerable<string> All =>
        Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>The overrides that apply to a workflow, as <c>--set</c> takes them.</summary>
    public static IEnumerable<string> OnTinyModel(string workflow) =>
        from node in JObject.Parse(File.ReadAllText(Path.Combine(Folder, workflow))).Properties()
        from change in Quick
        where (string?)node.Value["class_type"] == change.ClassType
        select $"{node.Name}.{change.Input}={change.Value}";
}
