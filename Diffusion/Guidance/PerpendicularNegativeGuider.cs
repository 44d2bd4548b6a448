using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Guidance;

/// <summary>Perp-Neg as a guider: three predictions in one batch.</summary>
/// <param name="Weight">Weight of the negative prompt.</param>
/// <param name="Scale">How far to go.</param>
public sealed record PerpendicularNegativeGuider(
    DiffusionModel Model,
    Conditioning Positive,
    Conditioning Negative,
    Conditioning Empty,
    double Weight,
    double Scale
) : IGuider
{
    private const int PositiveSlot = 0;
    private const int NegativeSlot = 1;
    private const int EmptySlot = 2;

    public IReadOnlyList<Conditioning> Conditionings => [Positive, Negative, Empty];

    public IEnumerable<Tensor> HeldTensors =>
        Model.HeldTensors.Concat(Conditionings.SelectMany(conditioning => conditioning.HeldTensors));

    public GuidedDenoised Guide(GuidanceCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var all = call.Predict(PositiveSlot, NegativeSlot, EmptySlot);
        var (positive, negative, empty) = (all[PositiveSlot], all[NegativeSlot], all[EmptySlot]);
        var guided = PerpendicularNegative.Guide(positive, negative, empty, Weight, Scale);
        // The hooks see what guidance started from: the empty prompt's prediction.
        return new GuidedDenoised(call.Finish(positive, empty, Scale, guided), empty);
    }
}
