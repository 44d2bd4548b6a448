using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Saving;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>Writes a diffusion model with everything that is merged into it.</summary>
[Node("ModelSave", Category = "advanced/model_merging", Module = "comfy_extras.nodes_model_merging", OutputNode = true)]
public sealed class ModelSave : INode<UiOutput>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Text]
    public string FilenamePrefix { get; init; } = "diffusion_models/ComfyUI";

    [Hidden(HiddenInput.Prompt)]
    public JObject? Prompt { get; init; }

    [Hidden(HiddenInput.ExtraPngInfo, Name = "extra_pnginfo")]
    public JToken? ExtraPngInfo { get; init; }

    public UiOutput Execute(NodeContext context)
    {
        var file = new ModelFile(context, FilenamePrefix, Prompt, ExtraPngInfo);
        file.Write(ModelExport.Checkpoint(Model, null, null), ModelMetadata.Of(Model, file.Title));
        return new UiOutput();
    }
}
