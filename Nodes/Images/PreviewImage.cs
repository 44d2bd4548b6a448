using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Shows pictures on the canvas without keeping them.</summary>
[Node(
    "PreviewImage",
    Category = "image",
    DisplayName = "Preview Image",
    Description = "Saves the input images to your ComfyUI output directory.",
    OutputNode = true
)]
public sealed class PreviewImage : INode<UiOutput>
{
    [Input]
    public required Image Images { get; init; }

    [Hidden(HiddenInput.Prompt)]
    public JObject? Prompt { get; init; }

    [Hidden(HiddenInput.ExtraPngInfo, Name = "extra_pnginfo")]
    public JToken? ExtraPngInfo { get; init; }

    public UiOutput Execute(NodeContext context) =>
        PngSaving.Preview(context, Images.Pixels, PngSaving.PreviewCompression, Prompt, ExtraPngInfo);
}
