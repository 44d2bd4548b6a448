using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>
/// Guidance with two conditionings, as InstructPix2Pix, https://arxiv.org/abs/2211.09800: from the second towards the
/// first, and from the negative towards the second.
/// </summary>
/// <param name="IsNested">Whether the second guidance starts from the result of the first.</param>
public sealed record DualCfgGuider(
    DiffusionModel Model,
    Conditioning First,
    Conditioning Second,
    Conditioning Negative,
    double FirstScale,
    double SecondScale,
    bool IsNested = false
) : IGuider
{
    private const int FirstSlot = 0;
    private const int SecondSlot = 1;
    private const int NegativeSlot = 2;

    public IReadOnlyList<Conditioning> Conditionings => [First, Second, Negative];

    int IGuider.PositiveSlot => SecondSlot;

    int IGuider.NegativeSlot => NegativeSlot;

    public IEnumerable<Tensor> HeldTensors =>
        Model.HeldTensors.Concat(Conditionings.SelectMany(conditioning => conditioning.HeldTensors));

    public GuidedDenoised Guide(GuidanceCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (IsNested)
        {
            var all = call.Predict(NegativeSlot, SecondSlot, FirstSlot);
            var inner = call.Combine(all[2], all[1], FirstScale);
            return new GuidedDenoised(all[0] + ((inner - all[0]) * SecondScale), all[0]);
        }

        // A scale of 1 makes the prediction it starts from cancel out; without a second one, the third is alone.
        var skipsNegative = GuidanceCall.IsOne(SecondScale) && !call.NeedsNegative;
        var skipsSecond = skipsNegative && GuidanceCall.IsOne(FirstScale);
        if (skipsSecond)
        {
            var only = call.Predict(FirstSlot)[0];
            return new GuidedDenoised(call.Combine(only, only, 1), only);
        }
        if (skipsNegative)
        {
            var pair = call.Predict(SecondSlot, FirstSlot);
            var guided = call.Combine(pair[0], pair[0], SecondScale) + ((pair[1] - pair[0]) * FirstScale);
            return new GuidedDenoised(guided, pair[0]);
        }
        var predictions = call.Predict(NegativeSlot, SecondSlot, FirstSlot);
        var result =
            call.Combine(predictions[1], predictions[0], SecondScale)
            + ((predictions[2] - predictions[1]) * FirstScale);
        return new GuidedDenoised(result, predictions[0]);
    }
}
