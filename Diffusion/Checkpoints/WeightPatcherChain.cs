using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>Several adapters on one network, in order, on the same float32 copy of each weight.</summary>
internal sealed class WeightPatcherChain(IReadOnlyList<IWeightPatcher> patchers) : IWeightPatcher
{
    public bool Patches(string name) => patchers.Any(patcher => patcher.Patches(name));

    public Tensor Patch(string name, Tensor weight) =>
        patchers
            .Where(patcher => patcher.Patches(name))
            .Aggregate(weight, (current, patcher) => patcher.Patch(name, current));
}
