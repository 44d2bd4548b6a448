using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>
/// Merges a LoRA file into the weights of one network while it is built, in float32: <c>W += strength * change</c>. DoRA
/// then brings the rows or columns of the changed weight to the lengths in the file; strengths other than 1 go so far of
/// the way there.
/// </summary>
internal sealed class LoraPatcher : IWeightPatcher
{
    /// <summary>Distance from 1 to the next float32: keeps a row of zeros from becoming a division by zero.</summary>
    private const double SmallestStep = 1.1920928955078125e-7;

    private readonly LoraFile _file;
    private readonly double _strength;
    private readonly Dictionary<string, List<(LoraModule Module, LoraRows[] Rows)>> _updates = new(
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
        foreach (var module in file.Modules)
        {
            foreach (var places in map.Find(module).GroupBy(target => target.Weight))
            {
                if (!_updates.TryGetValue(places.Key, out var updates))
                {
                    _updates[places.Key] = updates = [];
                }
                var rows = places.Select(place => place.Rows).OfType<LoraRows>();
                updates.Add((module, [.. rows.OrderBy(range => range.UpdateStart)]));
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
        foreach (var (module, ranges) in _updates[name])
        {
            using var step = new TensorScope();
            var parts = ranges.Select(range => merged.Slice(0, range.Start, range.Start + range.Length)).ToArray();
            switch (parts.Length)
            {
                case 0:
                    Merge(name, merged, module);
                    break;
                case 1:
                    Merge(name, parts[0], module);
                    break;
                default:
                    MergeParts(name, parts, module);
                    break;
            }
        }
        return scope.Keep(merged);
    }

    /// <summary>The layer that the update knows is made of these rows, in this order.</summary>
    private void MergeParts(string name, Tensor[] parts, LoraModule module)
    {
        var rows = Tensor.Concat(parts, 0);
        Merge(name, rows, module);
        var start = 0L;
        foreach (var part in parts)
        {
            part.Assign(rows.Slice(0, start, start + part.Length(0)));
            start += part.Length(0);
        }
    }

    private void Merge(string name, Tensor weight, LoraModule module)
    {
        var isDecomposed = module.Magnitude is not null;
        var (change, factor) = module.Compute(_file, weight, isDecomposed ? 1 : _strength);
        if (change.ElementCount != weight.ElementCount || (weight.Rank > 0 && change.Length(0) != weight.Length(0)))
        {
            throw new LoraException(
                $"{_file.Path}: '{module.Name}' ({module.Kind}) updates {change}, but '{name}' takes {weight}. "
                    + "The LoRA is made for another model: choose one for this model, or this LoRA's base model."
            );
        }
        change = change.Reshape(weight.Shape);
        if (module.Replaces)
        {
            weight.Assign(change);
        }
        else if (isDecomposed)
        {
            var decomposed = Decompose(name, weight + change * factor, module);
            weight.AddInPlace(decomposed - weight, _strength);
        }
        else
        {
            weight.AddInPlace(change * factor);
        }
    }

    private Tensor Decompose(string name, Tensor weight, LoraModule module)
    {
        var magnitude = ((ILoraTensors)_file).Load(module.Magnitude!);
        if (weight.Rank < 2)
        {
            throw new LoraException(
                $"{_file.Path}: '{module.Magnitude}' must belong to a matrix or kernel, but '{name}' is {weight}. The file is damaged."
            );
        }
        var (outputs, inputs) = (weight.Length(0), weight.Length(1));
        // A magnitude for each output where their number says so (PEFT), else for each input (LyCORIS, and the paper).
        var isOfOutputs = magnitude.ElementCount == outputs && (magnitude.Rank == 0 || magnitude.Length(0) == outputs);
        if (!isOfOutputs && magnitude.ElementCount != inputs)
        {
            throw new LoraException(
                $"{_file.Path}: '{module.Magnitude}' must hold a magnitude for each of '{name}''s {outputs} outputs or {inputs} "
                    + $"inputs, got {magnitude}. The LoRA is made for another model: choose one for this model."
            );
        }
        var kept = isOfOutputs ? 0 : 1;
        long[] others = [.. Enumerable.Range(0, weight.Rank).Where(axis => axis != kept).Select(axis => (long)axis)];
        var lengths = weight.Norm(others, keepDimensions: true) + SmallestStep;
        return weight * (magnitude.Reshape(lengths.Shape) / lengths);
    }
}
