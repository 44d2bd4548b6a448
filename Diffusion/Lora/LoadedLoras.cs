using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>The un-merged LoRAs of one sampling run; each file is read when it first applies.</summary>
internal sealed class LoadedLoras(IReadOnlyList<WeightTarget> targets) : IDisposable
{
    private readonly List<(ActiveLora Lora, UnmergedAdapter Adapter)> _loaded = [];

    /// <summary>Puts the updates of these LoRAs in force; null where all their strengths are 0.</summary>
    public IDisposable? Activate(IEnumerable<ActiveLora> loras, Device device)
    {
        var active = loras
            .Where(lora => lora.Strength != 0)
            .SelectMany(lora => Load(lora, device).Select(adapter => (adapter, lora.Strength)))
            .ToArray();
        return active.Length == 0 ? null : new LayerUpdates(active).Activate();
    }

    public void Dispose()
    {
        foreach (var (_, adapter) in _loaded)
        {
            adapter.Dispose();
        }
        _loaded.Clear();
    }

    private UnmergedAdapter[] Load(ActiveLora lora, Device device)
    {
        if (!_loaded.Exists(loaded => loaded.Lora.IsSameAdapter(lora)))
        {
            try
            {
                _loaded.AddRange(
                    targets.Select(target => (lora, new UnmergedAdapter(lora.File, target, lora.Blocks, device)))
                );
            }
            catch (LoraException error) when (lora.Name is { } name)
            {
                throw new LoraException($"{name}: {error.Message}");
            }
        }
        return [.. _loaded.Where(loaded => loaded.Lora.IsSameAdapter(lora)).Select(loaded => loaded.Adapter)];
    }
}

/// <summary>A LoRA with its strength in one pass.</summary>
/// <param name="File">The adapter.</param>
/// <param name="Blocks">Factors of single blocks.</param>
/// <param name="Strength">Strength now; 0 where it does not apply.</param>
internal sealed record ActiveLora(LoraFile File, BlockStrengths? Blocks, double Strength)
{
    /// <summary>What messages call it: its node.</summary>
    public string? Name { get; init; }

    public bool IsSameAdapter(ActiveLora other) =>
        ReferenceEquals(File, other.File) && ReferenceEquals(Blocks, other.Blocks);
}
