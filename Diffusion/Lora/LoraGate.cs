using NodeHost.Diffusion.Sampling;

namespace NodeHost.Diffusion.Lora;

/// <summary>The windows of a run during which a LoRA applies; where several overlap, their strengths add up.</summary>
/// <param name="Windows">The windows.</param>
public sealed record LoraGate(params IReadOnlyList<GatedWindow> Windows)
{
    /// <summary>Factor at a noise level; 0 where the gate is shut.</summary>
    public double StrengthAt(ModelSampling sampling, double sigma) =>
        Windows.Where(window => window.Contains(sampling, sigma)).Sum(window => window.Strength);

    public bool IsOpen(ModelSampling sampling, double sigma) => StrengthAt(sampling, sigma) != 0;
}
