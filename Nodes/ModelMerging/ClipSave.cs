using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Saving;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>Writes text encoders with everything that is merged into them, each to a file of its own.</summary>
[Node("CLIPSave", Category = "advanced/model_merging", Module = "comfy_extras.nodes_model_merging", OutputNode = true)]
public sealed class ClipSave : INode<UiOutput>
{
    [Input]
    public required Clip Clip { get; init; }

    [Text]
    public string FilenamePrefix { get; init; } = "clip/ComfyUI";

    [Hidden(HiddenInput.Prompt)]
    public JObject? Prompt { get; init; }

    [Hidden(HiddenInput.ExtraPngInfo, Name = "extra_pnginfo")]
    public JToken? ExtraPngInfo { get; init; }

    public UiOutput Execute(NodeContext context)
    {
        foreach (var (name, weights) in ModelExport.TextEncoders(Clip))
        {
            var file = new ModelFile(context, $"{FilenamePrefix}_{name}", Prompt, ExtraPngInfo);
            file.Write(weights, [new("format", "pt")]);
        }
        return new UiOutput();
    }
}
