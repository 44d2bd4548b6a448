using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Images;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Nodes.Latents;

/// <summary>Saves a latent with the workflow inside.</summary>
[Node("SaveLatent", Category = "_for_testing", DisplayName = "SaveLatent", OutputNode = true)]
public sealed class SaveLatent : INode<UiOutput>
{
    [Input]
    public required Latent Samples { get; init; }

    [Text]
    public string FilenamePrefix { get; init; } = "latents/ComfyUI";

    [Hidden(HiddenInput.Prompt)]
    public JObject? Prompt { get; init; }

    [Hidden(HiddenInput.ExtraPngInfo, Name = "extra_pnginfo")]
    public JToken? ExtraPngInfo { get; init; }

    public UiOutput Execute(NodeContext context)
    {
        var paths = context.Get<IFolderPaths>();
        var tensors = new Dictionary<string, Tensor>
        {
            [LatentFormatKeys.Samples] = Samples.Samples,
            [LatentFormatKeys.Version] = Tensor.Zeros([0]),
        };
        var metadata = paths.EmbedsMetadata ? Metadata() : null;
        var file = paths
            .BeginSave(FolderKind.Output, FilenamePrefix)
            .Write(LatentFiles.Extension, stream => SafetensorsWriter.Save(stream, tensors, metadata));
        return new UiOutput().Add("latents", [file]);
    }

    private Dictionary<string, string> Metadata()
    {
        var texts = new Dictionary<string, string> { ["prompt"] = Prompt is null ? "" : AsciiJson.Write(Prompt) };
        foreach (var member in (ExtraPngInfo as JObject)?.Properties() ?? [])
        {
            texts[member.Name] = AsciiJson.Write(member.Value);
        }
        return texts;
    }
}
