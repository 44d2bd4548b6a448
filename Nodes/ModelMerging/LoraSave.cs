using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>Writes the difference of two models as a LoRA.</summary>
[Node(
    "LoraSave",
    Category = "_for_testing",
    DisplayName = "Extract and Save Lora",
    Module = "comfy_extras.nodes_lora_extract",
    Schema = NodeSchema.V3,
    OutputNode = true,
    Experimental = true
)]
public sealed class LoraSave : INode<UiOutput>
{
    private const string Standard = "standard";
    private const string FullDifference = "full_diff";

    [Text]
    public string FilenamePrefix { get; init; } = "loras/ComfyUI_extracted_lora";

    [Number(1, 4096, Step = 1)]
    public int Rank { get; init; } = 8;

    [Choice(Standard, FullDifference)]
    public required string LoraType { get; init; }

    [Toggle(Name = "bias_diff")]
    public bool BiasDifference { get; init; } = true;

    [Input(Name = "model_diff", Tooltip = "The ModelSubtract output to be converted to a lora.")]
    public DiffusionModel? ModelDifference { get; init; }

    [Input(Name = "text_encoder_diff", Tooltip = "The CLIPSubtract output to be converted to a lora.")]
    public Clip? TextEncoderDifference { get; init; }

    [Hidden(HiddenInput.Prompt)]
    public JObject? Prompt { get; init; }

    [Hidden(HiddenInput.ExtraPngInfo, Name = "extra_pnginfo")]
    public JToken? ExtraPngInfo { get; init; }

    public UiOutput Execute(NodeContext context)
    {
        var extraction = new LoraExtraction
        {
            Rank = Rank,
            IsFullDifference = LoraType == FullDifference,
            WritesBiases = BiasDifference,
            Warn = context.Warn,
            Progress = (done, total) => context.Progress(done, total),
        };
        var tensors = extraction.Extract(ModelDifference, TextEncoderDifference);
        if (tensors.Count > 0)
        {
            context
                .Get<IFolderPaths>()
                .BeginSave(FolderKind.Output, FilenamePrefix)
                .Write(".safetensors", stream => SafetensorsWriter.Save(stream, tensors));
        }
        return new UiOutput();
    }
}
