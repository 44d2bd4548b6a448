using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.Loaders;

/// <summary>Opens two files that hold a text encoder each, in either order.</summary>
[Node(
    "DualCLIPLoader",
    Category = "advanced/loaders",
    Description = "[Recipes]\n\nsdxl: clip-l, clip-g\nsd3: clip-l, clip-g / clip-l, t5 / clip-g, t5\nflux: clip-l, t5\nhidream: at least one of t5 or llama, recommended t5 and llama\nhunyuan_image: qwen2.5vl 7b and byt5 small"
)]
public sealed class DualClipLoader : INode<Clip>
{
    private const string Sdxl = "sdxl";
    private const string Flux = "flux";
    private const string Cpu = "cpu";

    [Choice(typeof(ModelFiles), "text_encoders", Name = "clip_name1")]
    public required string FirstName { get; init; }

    [Choice(typeof(ModelFiles), "text_encoders", Name = "clip_name2")]
    public required string SecondName { get; init; }

    [Choice(Sdxl, "sd3", Flux, "hunyuan_video", "hidream", "hunyuan_image")]
    public required string Type { get; init; }

    [Choice("default", Cpu, Optional = true, Advanced = true)]
    public string Device { get; init; } = "default";

    public Clip Execute(NodeContext context)
    {
        if (Type is not (Sdxl or Flux))
        {
            throw new UnsupportedModelException(
                $"DualCLIPLoader, input 'type': text encoders of '{Type}' are not supported. Supported: {Sdxl} (CLIP-L and CLIP-G), {Flux} (CLIP-L and T5)."
            );
        }
        var paths = context.Get<IFolderPaths>();
        string[] files = [paths.Require("text_encoders", FirstName), paths.Require("text_encoders", SecondName)];
        return context.Get<ModelStore>().LoadClip(files, onCpu: Device == Cpu);
    }
}
