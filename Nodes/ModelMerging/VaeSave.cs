using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Saving;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>Writes an autoencoder.</summary>
[Node("VAESave", Category = "advanced/model_merging", Module = "comfy_extras.nodes_model_merging", OutputNode = true)]
public sealed class VaeSave : INode<UiOutput>
{
    [Input]
    public required Vae Vae { get; init; }

    [Text]
    public string FilenamePrefix { get; init; } = "vae/ComfyUI_vae";

    [Hidden(HiddenInput.Prompt)]
    public JObject? Prompt { get; init; }

    [Hidden(HiddenInput.ExtraPngInfo, Name = "extra_pnginfo")]
    public JToken? ExtraPngInfo { get; init; }

    public UiOutput Execute(NodeContext context)
    {
        new ModelFile(context, FilenamePrefix, Prompt, ExtraPngInfo).Write(ModelExport.Autoencoder(Vae), []);
        return new UiOutput();
    }
}
