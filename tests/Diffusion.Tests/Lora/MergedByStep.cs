using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;
using NodeHost.Tests.Diffusion.FluxSpace;
using NodeHost.Tests.Diffusion.Networks;

namespace NodeHost.Tests.Diffusion.Lora;

/// <summary>
/// What a step-gated LoRA is defined as: at every call the network has weights merged with the strength that is due then.
/// </summary>
/// <param name="tiny">The model.</param>
/// <param name="strengthAt">Strength at a time, as the network takes it.</param>
/// <param name="merge">Weights merged with a strength.</param>
internal sealed class MergedByStep(
    TinyModel tiny,
    Func<double, double> strengthAt,
    Func<double, Dictionary<string, Tensor>> merge
) : INetworkSource, IDisposable
{
    private readonly Dictionary<double, (RandomWeights Source, WeightSet Weights, IDiffusionNetwork Network)> _built =
    [];

    public string Name => "merged by step";

    /// <summary>Strengths that were due, in the order of calls.</summary>
    public List<double> Strengths { get; } = [];

    public IDiffusionNetwork Load(IReadOnlyList<WeightPatch> patches) => new Switching(this, tiny.Load([]));

    public void Dispose()
    {
        foreach (var (source, weights, _) in _built.Values)
        {
            weights.Dispose();
            source.Dispose();
        }
    }

    private IDiffusionNetwork At(double time)
    {
        var strength = strengthAt(time);
        Strengths.Add(strength);
        if (!_built.TryGetValue(strength, out var built))
        {
            using var untracked = TensorScope.Suspend();
            var source = RandomWeights.Holding(merge(strength));
            var weights = new WeightSet(source);
            _built[strength] = built = (source, weights, tiny.Build(weights.Root));
        }
        return built.Network;
    }

    private sealed class Switching(MergedByStep owner, IDiffusionNetwork plain) : IDiffusionNetwork
    {
        public int LatentChannels => plain.LatentChannels;

        public int InputChannels => plain.InputChannels;

        public bool AllowsRepeatedContext => plain.AllowsRepeatedContext;

        public Tensor Forward(Tensor x, Tensor timesteps, NetworkInput input)
        {
            return owner.At(timesteps.ToArray<float>()[0]).Forward(x, timesteps, input);
        }
    }
}
