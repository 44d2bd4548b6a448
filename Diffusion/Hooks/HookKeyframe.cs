namespace NodeHost.Diffusion.Hooks;

/// <summary>A change of strength during a run.</summary>
/// <param name="Strength">Factor from here on.</param>
/// <param name="StartPercent">Fraction of the run at which it is due.</param>
/// <param name="GuaranteedSteps">Steps for which it stays, even where the next is due already.</param>
public sealed record HookKeyframe(double Strength, double StartPercent, int GuaranteedSteps = 1);
