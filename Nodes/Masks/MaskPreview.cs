using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Images;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Masks;

/// <summary>Shows masks on the canvas without keeping them.</summary>
[Node(
    "MaskPreview",
    Category = "mask",
    Description = "Saves the input images to your ComfyUI output directory.",
    Module = "comfy_extras.nodes_mask",
    OutputNode = true
)]
public sealed class MaskPreview : INode<UiOutput>
{
    [Input]
    public required Mask Mask { get; init; }

    [Hidden(HiddenInput.Prompt)]
    public JObject? Prompt { get; init; }

    [Hidden(HiddenInput.ExtraPngInfo, Name = "extra_pnginfo")]
    public JToken? ExtraPngInfo { get; init; }

    public UiOutput Execute(NodeContext context) =>
        PngSaving.Preview(context, MaskShapes.AsPictures(Mask.Values), PngSaving.SaveCompression, Prompt, ExtraPngInfo);
}
