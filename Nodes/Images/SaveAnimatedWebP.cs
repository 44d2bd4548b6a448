using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Saves a batch as one animated WebP.</summary>
[Node("SaveAnimatedWEBP", Category = "image/animation", Module = "comfy_extras.nodes_images", OutputNode = true)]
public sealed class SaveAnimatedWebP : INode<UiOutput>
{
    [Input]
    public required Image Images { get; init; }

    [Text]
    public string FilenamePrefix { get; init; } = "ComfyUI";

    [Number(0.01, 1000.0, Step = 0.01)]
    public double Fps { get; init; } = 6;

    [Toggle]
    public bool Lossless { get; init; } = true;

    [Number(0, 100)]
    public int Quality { get; init; } = 80;

    [Choice("default", "fastest", "slowest")]
    public string Method { get; init; } = "default";

    [Hidden(HiddenInput.Prompt)]
    public JObject? Prompt { get; init; }

    [Hidden(HiddenInput.ExtraPngInfo, Name = "extra_pnginfo")]
    public JToken? ExtraPngInfo { get; init; }

    public UiOutput Execute(NodeContext context)
    {
        var paths = context.Get<IFolderPaths>();
        var frames = ImageTensors.ToPictures(Images.Pixels);
        var effort = Method switch
        {
            "fastest" => 0,
            "slowest" => 6,
            _ => 4,
        };
        var options = new WebPOptions(Quality, Lossless, effort, (int)(1000.0 / Fps))
        {
            Texts = paths.EmbedsMetadata ? WorkflowTexts.From(Prompt, ExtraPngInfo) : [],
        };
        var file = paths
            .BeginSave(FolderKind.Output, FilenamePrefix, frames[0].Width, frames[0].Height)
            .Write(".webp", ImageEncoder.WebP(frames, options));
        return UiOutput.Images([file]).Add("animated", [new JValue(true)]);
    }
}
