using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Models;

/// <summary>An adapter to merge into a network's weights, in the order given.</summary>
/// <param name="Adapter">The opened adapter file; reference equality makes it a cache key.</param>
/// <param name="Strength">Factor of its contribution.</param>
public sealed record WeightPatch(IWeightAdapter Adapter, double Strength);
