using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Saves drawings with the workflow inside.</summary>
[Node(
    "SaveSVGNode",
    Category = "image/save",
    Description = "Save SVG files on disk.",
    Module = "comfy_extras.nodes_images",
    OutputNode = true
)]
public sealed class SaveSvg : INode<UiOutput>
{
    [Input]
    public required Svg Svg { get; init; }

    [Text(
        Tooltip = "The prefix for the file to save. This may include formatting information such as %date:yyyy-MM-dd% or %Empty Latent Image.width% to include values from nodes."
    )]
    public string FilenamePrefix { get; init; } = "svg/ComfyUI";

    [Hidden(HiddenInput.Prompt)]
    public JObject? Prompt { get; init; }

    [Hidden(HiddenInput.ExtraPngInfo, Name = "extra_pnginfo")]
    public JToken? ExtraPngInfo { get; init; }

    public UiOutput Execute(NodeContext context)
    {
        var paths = context.Get<IFolderPaths>();
        var files = paths.BeginSave(FolderKind.Output, FilenamePrefix, 0, 0);
        var written = new List<UiFile>();
        foreach (var document in Svg.Documents)
        {
            context.ThrowIfInterrupted();
            var text = paths.EmbedsMetadata ? SvgMetadata.Embed(document, Prompt, ExtraPngInfo) : document;
            written.Add(files.Write(".svg", System.Text.Encoding.UTF8.GetBytes(text)));
        }
        return UiOutput.Images(written);
    }
}
