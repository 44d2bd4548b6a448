using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Saves pictures as PNG with the workflow inside.</summary>
[Node(
    "SaveImage",
    Category = "image",
    DisplayName = "Save Image",
    Description = "Saves the input images to your ComfyUI output directory.",
    OutputNode = true
)]
public sealed class SaveImage : INode<UiOutput>
{
    [Input(Tooltip = "The images to save.")]
    public required Image Images { get; init; }

    [Text(
        Tooltip = "The prefix for the file to save. This may include formatting information such as %date:yyyy-MM-dd% or %Empty Latent Image.width% to include values from nodes."
    )]
    public string FilenamePrefix { get; init; } = "ComfyUI";

    [Hidden(HiddenInput.Prompt)]
    public JObject? Prompt { get; init; }

    [Hidden(HiddenInput.ExtraPngInfo, Name = "extra_pnginfo")]
    public JToken? ExtraPngInfo { get; init; }

    public UiOutput Execute(NodeContext context) =>
        PngSaving.Save(
            context,
            Images.Pixels,
            FolderKind.Output,
            FilenamePrefix,
            PngSaving.SaveCompression,
            Prompt,
            ExtraPngInfo
        );
}
