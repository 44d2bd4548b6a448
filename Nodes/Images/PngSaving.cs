using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Nodes.Files;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Images;

/// <summary>Writes a batch as numbered PNG files and shows them; what saving and previewing have in common.</summary>
internal static class PngSaving
{
    public const int SaveCompression = 4;
    public const int PreviewCompression = 1;

    public static UiOutput Save(
        NodeContext context,
        Tensor images,
        FolderKind folder,
        string prefix,
        int compression,
        JObject? prompt,
        JToken? extra
    )
    {
        var paths = context.Get<IFolderPaths>();
        var pictures = ImageTensors.ToPictures(images);
        var texts = paths.EmbedsMetadata ? WorkflowTexts.From(prompt, extra) : [];
        var files = paths.BeginSave(folder, prefix, pictures[0].Width, pictures[0].Height);
        var written = new List<UiFile>();
        foreach (var picture in pictures)
        {
            context.ThrowIfInterrupted();
            written.Add(files.Write(".png", ImageEncoder.Png(picture, compression, texts)));
        }

        return UiOutput.Images(written);
    }

    /// <summary>As <see cref="Save"/>, into the temporary folder under a name that belongs to the node.</summary>
    public static UiOutput Preview(NodeContext context, Tensor images, int compression, JObject? prompt, JToken? extra)
    {
        var letters = context.Get<IFolderPaths>().TemporaryLetters(context.NodeId);
        return Save(context, images, FolderKind.Temp, $"ComfyUI_temp_{letters}", compression, prompt, extra);
    }
}
