using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Saves a batch as one animated PNG.</summary>
[Node("SaveAnimatedPNG", Category = "image/animation", Module = "comfy_extras.nodes_images", OutputNode = true)]
public sealed class SaveAnimatedPng : INode<UiOutput>
{
    [Input]
    public required Image Images { get; init; }

    [Text]
    public string FilenamePrefix { get; init; } = "ComfyUI";

    [Number(0.01, 1000.0, Step = 0.01)]
    public double Fps { get; init; } = 6;

    [Number(0, 9)]
    public int CompressLevel { get; init; } = 4;

    [Hidden(HiddenInput.Prompt)]
    public JObject? Prompt { get; init; }

    [Hidden(HiddenInput.ExtraPngInfo, Name = "extra_pnginfo")]
    public JToken? ExtraPngInfo { get; init; }

    public UiOutput Execute(NodeContext context)
    {
        var paths = context.Get<IFolderPaths>();
        var frames = ImageTensors.ToPictures(Images.Pixels);
        var texts = paths.EmbedsMetadata ? WorkflowTexts.From(Prompt, ExtraPngInfo) : [];
        var file = paths
            .BeginSave(FolderKind.Output, FilenamePrefix, frames[0].Width, frames[0].Height)
            .Write(".png", ImageEncoder.AnimatedPng(frames, (int)(1000.0 / Fps), CompressLevel, texts));
        return UiOutput.Images([file]).Add("animated", [new JValue(true)]);
    }
}
