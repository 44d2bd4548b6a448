using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Loaders;

/// <summary>Opens a file that holds a diffusion model alone.</summary>
[Node("UNETLoader", Category = "advanced/loaders", DisplayName = "Load Diffusion Model")]
public sealed class UnetLoader : INode<DiffusionModel>
{
    [Choice(typeof(ModelFiles), "diffusion_models")]
    public required string UnetName { get; init; }

    /// <summary>Float8 saves memory on graphics cards and rounds the weights; here it does the latter, so that pictures agree.</summary>
    [Choice("default", "fp8_e4m3fn", "fp8_e4m3fn_fast", "fp8_e5m2")]
    public string WeightDtype { get; init; } = "default";

    public DiffusionModel Execute(NodeContext context)
    {
        var path = context.Get<IFolderPaths>().Require("diffusion_models", UnetName);
        return context.Get<ModelStore>().LoadDiffusionModel(path, Format);
    }

    private DType? Format =>
        WeightDtype switch
        {
            "fp8_e4m3fn" or "fp8_e4m3fn_fast" => DType.Float8E4M3,
            "fp8_e5m2" => DType.Float8E5M2,
            _ => null,
        };
}
