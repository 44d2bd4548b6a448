using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>
/// Merges LoRA files into the weights of one network while it is built:
/// <c>W += strength * alpha / rank * B A</c>, in float32, adapter after adapter.
/// </summary>
public sealed class LoraPatcher : IWeightPatcher
{
    private readonly Dictionary<string, List<Update>> _updates = new(StringComparer.Ordinal);

    /// <param name="map">The network's layer names.</param>
    /// <param name="patches">Adapters in the order of merging; those that are no <see cref="LoraFile"/> are passed over.</param>
    public LoraPatcher(LoraKeyMap map, IEnumerable<WeightPatch> patches)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(patches);
        foreach (var patch in patches)
        {
            if (patch is { Adapter: LoraFile file, Strength: not 0 })
            {
                Add(map, file, patch.Strength);
            }
        }
    }

    public bool Patches(string name) => _updates.ContainsKey(name);

    /// <exception cref="LoraException">An update does not have the weight's shape.</exception>
    public Tensor Patch(string name, Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        using var scope = new TensorScope();
        // A clone, for the weight given may look into the mapped file.
        var merged = weight.Clone();
        foreach (var update in _updates[name])
        {
            using var step = new TensorScope();
            Merge(name, merged, update);
        }
        return scope.Keep(merged);
    }

    private void Add(LoraKeyMap map, LoraFile file, double strength)
    {
        foreach (var module in file.Modules.Values)
        {
            foreach (var target in map.Find(module.Name))
            {
                if (!_updates.TryGetValue(target.Weight, out var updates))
                {
                    _updates[target.Weight] = updates = [];
                }
                updates.Add(new Update(file, module, target.Rows, strength));
            }
        }
    }

    private static void Merge(string name, Tensor weight, Update update)
    {
        var (values, factor) = update.File.Compute(update.Module);
        var rows = weight;
        if (update.Rows is { } range)
        {
            rows = weight.Slice(0, range.Start, range.Start + range.Length);
            if (range.UpdateStart is { } start)
            {
                values = values.Slice(0, start, start + range.Length);
            }
        }
        if (values.Length(0) != rows.Length(0) || values.ElementCount != rows.ElementCount)
        {
            throw new LoraException(
                $"{update.File.Path}: '{update.Module.Name}' updates {values}, but '{name}' takes {rows}. "
                    + "The LoRA is made for another model: choose one for this model, or this LoRA's base model."
            );
        }
        rows.AddInPlace(values.Reshape(rows.Shape) * (update.Strength * factor));
    }

    private sealed record Update(LoraFile File, LoraModule Module, LoraRows? Rows, double Strength);
}
