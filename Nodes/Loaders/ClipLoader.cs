using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.Loaders;

/// <summary>Opens a file that holds a text encoder alone.</summary>
[Node(
    "CLIPLoader",
    Category = "advanced/loaders",
    DisplayName = "Load CLIP",
    Description = "[Recipes]\n\nstable_diffusion: clip-l\nstable_cascade: clip-g\nsd3: t5 xxl/ clip-g / clip-l\nstable_audio: t5 base\nmochi: t5 xxl\ncosmos: old t5 xxl\nlumina2: gemma 2 2B\nwan: umt5 xxl\n hidream: llama-3.1 (Recommend) or t5\nomnigen2: qwen vl 2.5 3B"
)]
public sealed class ClipLoader : INode<Clip>
{
    private const string StableDiffusion = "stable_diffusion";
    private const string Cpu = "cpu";

    [Choice(typeof(ModelFiles), "text_encoders")]
    public required string ClipName { get; init; }

    [Choice(
        StableDiffusion,
        "stable_cascade",
        "sd3",
        "stable_audio",
        "mochi",
        "ltxv",
        "pixart",
        "cosmos",
        "lumina2",
        "wan",
        "hidream",
        "chroma",
        "ace",
        "omnigen2",
        "qwen_image",
        "hunyuan_image"
    )]
    public string Type { get; init; } = StableDiffusion;

    [Choice("default", Cpu, Optional = true, Advanced = true)]
    public string Device { get; init; } = "default";

    public Clip Execute(NodeContext context)
    {
        if (Type != StableDiffusion)
        {
            throw new UnsupportedModelException(
                $"CLIPLoader, input 'type': text encoders of '{Type}' are not supported. Supported: {StableDiffusion} (CLIP-L, CLIP-H of SD2, or CLIP-G of SDXL's refiner)."
            );
        }
        var path = context.Get<IFolderPaths>().Require("text_encoders", ClipName);
        return context.Get<ModelStore>().LoadClip([path], onCpu: Device == Cpu);
    }
}
