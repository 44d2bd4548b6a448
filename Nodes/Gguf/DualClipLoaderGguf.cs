using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Loaders;

namespace NodeHost.Nodes.Gguf;

/// <summary>Opens two files that hold a text encoder each, GGUF or others, in either order.</summary>
[Node(
    "DualCLIPLoaderGGUF",
    Category = GgufNode.Category,
    DisplayName = "DualCLIPLoader (GGUF)",
    Module = GgufNode.Module
)]
public sealed class DualClipLoaderGguf : INode<Clip>
{
    [Choice(typeof(TextEncoderFiles), Name = "clip_name1")]
    public required string FirstName { get; init; }

    [Choice(typeof(TextEncoderFiles), Name = "clip_name2")]
    public required string SecondName { get; init; }

    [Choice("sdxl", "sd3", "flux", "hunyuan_video", "hidream", "hunyuan_image")]
    public required string Type { get; init; }

    public Clip Execute(NodeContext context) =>
        new DualClipLoader
        {
            FirstName = FirstName,
            SecondName = SecondName,
            Type = Type,
        }.Execute(context);
}
