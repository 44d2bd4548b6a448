using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>Classifier-free guidance: away from the negative conditioning; at a scale of 1 the negative is not evaluated.</summary>
public sealed record CfgGuider(DiffusionModel Model, Conditioning Positive, Conditioning Negative, double Scale)
    : IGuider
{
    public IReadOnlyList<Conditioning> Conditionings => [Positive, Negative];

    public IEnumerable<Tensor> HeldTensors =>
        Model.HeldTensors.Concat(Positive.HeldTensors).Concat(Negative.HeldTensors);

    public GuidedDenoised Guide(GuidanceCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (GuidanceCall.IsOne(Scale) && !call.NeedsNegative)
        {
            var only = call.Predict(0)[0];
            return call.Guide(only, only, Scale);
        }
        var predictions = call.Predict(0, 1);
        return call.Guide(predictions[0], predictions[1], Scale);
    }
}
