using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>One conditioning and no guidance besides what the network was distilled with.</summary>
public sealed record BasicGuider(DiffusionModel Model, Conditioning Conditioning) : IGuider
{
    public IReadOnlyList<Conditioning> Conditionings => [Conditioning];

    public IEnumerable<Tensor> HeldTensors => Model.HeldTensors.Concat(Conditioning.HeldTensors);

    public GuidedDenoised Guide(GuidanceCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var only = call.Predict(0)[0];
        return call.Guide(only, only, 1);
    }
}
