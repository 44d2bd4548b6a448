using NodeHost.Diffusion.Conditions;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>One edit: towards the mix of two prompts, or towards one.</summary>
/// <param name="Number">Number of the slot on its node, from 1.</param>
/// <param name="A">The first prompt; of several entries only the first counts.</param>
/// <param name="B">The second; null in an edit with one prompt.</param>
/// <param name="Scale">How far to go: 0 = not at all, 1 = attention of the prompts in place of the base's.</param>
/// <param name="MixB">Share of <paramref name="B"/>.</param>
public sealed record EditSlot(int Number, Conditioning A, Conditioning? B, double Scale, double MixB = 0)
    : ITensorHolder
{
    public IEnumerable<Tensor> HeldTensors => A.HeldTensors.Concat(B?.HeldTensors ?? []);

    /// <summary>The prompts, each with its share of the scale.</summary>
    internal IEnumerable<(char Half, ConditioningEntry Entry, double Share)> Halves =>
        B is null ? [('a', A.Entries[0], 1)] : [('a', A.Entries[0], 1 - MixB), ('b', B.Entries[0], MixB)];
}
