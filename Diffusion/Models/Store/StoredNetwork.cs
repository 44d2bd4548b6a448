using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>A network that the store loads when it is asked for.</summary>
internal sealed class StoredNetwork<TModel>(NetworkCache cache, ModelPart part) : IModelSource<TModel>
    where TModel : class
{
    public string Name => part.Name;

    public IReadOnlyList<WeightTarget> Targets => [part.Target];

    public IReadOnlyList<ModelPart> Parts => [part];

    public TModel Load(IReadOnlyList<WeightPatch> patches) => cache.Get<TModel>(part, patches);
}

/// <summary>A denoising network that the store loads when it is asked for.</summary>
internal sealed class StoredDiffusionNetwork(NetworkCache cache, ModelPart part) : INetworkSource
{
    public string Name => part.Name;

    public IReadOnlyList<WeightTarget> Targets => [part.Target];

    public IReadOnlyList<ModelPart> Parts => [part];

    public IDiffusionNetwork Load(IReadOnlyList<WeightPatch> patches) => cache.Get<IDiffusionNetwork>(part, patches);
}
