using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>The un-merged LoRAs of one sampling run; each file is read when it first applies.</summary>
internal sealed class LoadedLoras(IReadOnlyList<WeightTarget> targets) : IDisposable
{
    private readonly List<(GatedLora Lora, LowRankAdapter Adapter)> _loaded = [];

    /// <summary>Puts the updates of these LoRAs in force; null where none applies at this noise level.</summary>
    public IDisposable? Activate(IReadOnlyList<GatedLora> loras, ModelSampling sampling, double sigma, Device device)
    {
        var active = new List<(LowRankAdapter Adapter, double Strength)>();
        foreach (var lora in loras)
        {
            var strength = lora.Strength * lora.Gate.StrengthAt(sampling, sigma);
            if (strength != 0)
            {
                active.AddRange(Load(lora, device).Select(adapter => (adapter, strength)));
            }
        }
        return active.Count == 0 ? null : new LayerUpdates(active).Activate();
    }

    public void Dispose()
    {
        foreach (var (_, adapter) in _loaded)
        {
            adapter.Dispose();
        }
        _loaded.Clear();
    }

    private IEnumerable<LowRankAdapter> Load(GatedLora lora, Device device)
    {
        if (!_loaded.Exists(loaded => IsSame(loaded.Lora, lora)))
        {
            _loaded.AddRange(
                targets.Select(target => (lora, new LowRankAdapter(lora.File, target, lora.Blocks, device)))
            );
        }
        return _loaded.Where(loaded => IsSame(loaded.Lora, lora)).Select(loaded => loaded.Adapter);
    }

    private static bool IsSame(GatedLora first, GatedLora second) =>
        ReferenceEquals(first.File, second.File) && ReferenceEquals(first.Blocks, second.Blocks);
}
