using NodeHost.Tensors;

namespace NodeHost.Diffusion.Conditions;

/// <summary>The value of a CONDITIONING socket: one or more encoded prompts, each with where and when it applies.</summary>
/// <param name="Entries">The prompts; predictions under them are averaged by weight.</param>
public sealed record Conditioning(IReadOnlyList<ConditioningEntry> Entries) : ITensorHolder
{
    public IEnumerable<Tensor> HeldTensors => Entries.SelectMany(entry => entry.HeldTensors);

    /// <summary>The same prompts, each changed.</summary>
    public Conditioning Select(Func<ConditioningEntry, ConditioningEntry> change) => new([.. Entries.Select(change)]);
}
