using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.Loaders;

/// <summary>Opens a file that holds a diffusion model alone.</summary>
[Node("UNETLoader", Category = "advanced/loaders", DisplayName = "Load Diffusion Model")]
public sealed class UnetLoader : INode<DiffusionModel>
{
    [Choice(typeof(ModelFiles), "diffusion_models")]
    public required string UnetName { get; init; }

    /// <summary>A wish that graphics cards with little memory need; networks compute in float32 on a CPU whatever it says.</summary>
    [Choice("default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2")]
    public string WeightDtype { get; init; } = "default";

    public DiffusionModel Execute(NodeContext context)
    {
        if (WeightDtype != "default")
        {
            context.Warn(
                $"UNETLoader: weight_dtype '{WeightDtype}' is not applied; weights keep the file's precision."
            );
        }
        var path = context.Get<IFolderPaths>().Require("diffusion_models", UnetName);
        return context.Get<ModelStore>().LoadDiffusionModel(path);
    }
}
