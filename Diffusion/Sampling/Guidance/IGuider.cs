using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>The value of a GUIDER socket: a model, conditionings, and how predictions under them make one.</summary>
public interface IGuider : ITensorHolder
{
    DiffusionModel Model { get; }

    /// <summary>The conditionings, in slots that <see cref="Guide"/> refers to.</summary>
    IReadOnlyList<Conditioning> Conditionings { get; }

    /// <summary>The slot that guidance leads towards.</summary>
    int PositiveSlot => 0;

    /// <summary>The slot that guidance leads away from; networks that are told sizes have other defaults there.</summary>
    int NegativeSlot => 1;

    /// <summary>One guided prediction.</summary>
    GuidedDenoised Guide(GuidanceCall call);
}
