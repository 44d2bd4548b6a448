using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>
/// Merges a LoRA file into the weights of one network while it is built: <c>W += strength * alpha / rank * B A</c>, in
/// float32.
/// </summary>
internal sealed class LoraPatcher : IWeightPatcher
{
    private readonly LoraFile _file;
    private readonly double _strength;
    private readonly Dictionary<string, List<(LoraModule Module, LoraRows? Rows)>> _updates = new(
        StringComparer.Ordinal
    );

    /// <param name="file">The adapter.</param>
    /// <param name="map">The network's layer names.</param>
    /// <param name="strength">Factor of the change; nothing is touched at 0.</param>
    public LoraPatcher(LoraFile file, LoraKeyMap map, double strength)
    {
        _file = file;
        _strength = strength;
        if (strength == 0)
        {
            return;
        }
        foreach (var module in file.Modules.Values)
        {
            foreach (var target in map.Find(module.Name))
            {
                if (!_updates.TryGetValue(target.Weight, out var updates))
                {
                    _updates[target.Weight] = updates = [];
                }
                updates.Add((module, target.Rows));
            }
        }
    }

    public bool IsEmpty => _updates.Count == 0;

    public bool Patches(string name) => _updates.ContainsKey(name);

    /// <exception cref="LoraException">An update does not have the weight's shape.</exception>
    public Tensor Patch(string name, Tensor weight)
    {
        using var scope = new TensorScope();
        // A clone, for the weight given may look into the mapped file.
        var merged = weight.Clone();
        foreach (var (module, rows) in _updates[name])
        {
            using var step = new TensorScope();
            Merge(name, merged, module, rows);
        }
        return scope.Keep(merged);
    }

    private void Merge(string name, Tensor weight, LoraModule module, LoraRows? range)
    {
        var (values, factor) = _file.Compute(module);
        var rows = weight;
        if (range is not null)
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
                $"{_file.Path}: '{module.Name}' updates {values}, but '{name}' takes {rows}. "
                    + "The LoRA is made for another model: choose one for this model, or this LoRA's base model."
            );
        }
        rows.AddInPlace(values.Reshape(rows.Shape) * (_strength * factor));
    }
}
