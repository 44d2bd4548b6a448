using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Saving;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>Writes a checkpoint with everything that is merged into it, and the workflow that made it.</summary>
[Node(
    "CheckpointSave",
    Category = "advanced/model_merging",
    Module = "comfy_extras.nodes_model_merging",
    DisplayName = "Save Checkpoint",
    OutputNode = true
)]
public sealed class CheckpointSave : INode<UiOutput>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Input]
    public required Clip Clip { get; init; }

    [Input]
    public required Vae Vae { get; init; }

    [Text]
    public string FilenamePrefix { get; init; } = "checkpoints/ComfyUI";

    [Hidden(HiddenInput.Prompt)]
    public JObject? Prompt { get; init; }

    [Hidden(HiddenInput.ExtraPngInfo, Name = "extra_pnginfo")]
    public JToken? ExtraPngInfo { get; init; }

    public UiOutput Execute(NodeContext context)
    {
        var file = new ModelFile(context, FilenamePrefix, Prompt, ExtraPngInfo);
        file.Write(ModelExport.Checkpoint(Model, Clip, Vae), ModelMetadata.Of(Model, file.Title));
        return new UiOutput();
    }
}
