using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Loaders;

namespace NodeHost.Nodes.Gguf;

/// <summary>Opens a file that holds a text encoder alone, GGUF or another.</summary>
[Node("CLIPLoaderGGUF", Category = GgufNode.Category, DisplayName = "CLIPLoader (GGUF)", Module = GgufNode.Module)]
public sealed class ClipLoaderGguf : INode<Clip>
{
    [Choice(typeof(TextEncoderFiles))]
    public required string ClipName { get; init; }

    [Choice(
        "stable_diffusion",
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
    public string Type { get; init; } = "stable_diffusion";

    public Clip Execute(NodeContext context) => new ClipLoader { ClipName = ClipName, Type = Type }.Execute(context);
}
