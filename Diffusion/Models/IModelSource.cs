using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Models;

/// <summary>Gives a network when it is needed; whether its weights are resident is the model store's business.</summary>
public interface IModelSource<out TModel>
{
    /// <summary>File (and part) the weights come from, for messages and cache keys.</summary>
    string Name { get; }

    /// <summary>The networks that adapters would change, for messages about adapters that fit none.</summary>
    IReadOnlyList<WeightTarget> Targets => [];

    /// <summary>The networks as their files hold them, to merge with others or to save; none where there is no file.</summary>
    IReadOnlyList<ModelPart> Parts => [];

    /// <summary>The network with the patches merged. The caller does not own it and uses it within one node's run.</summary>
    TModel Load(IReadOnlyList<WeightPatch> patches);
}
