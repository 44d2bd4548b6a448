using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Lora.Modules;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>A LoRA file's updates in memory, by the weight they would be merged into.</summary>
internal sealed class UnmergedAdapter : IDisposable
{
    private const string Weight = ".weight";
    private const string Bias = ".bias";

    private readonly Dictionary<string, List<ILayerUpdate>> _updates = new(StringComparer.Ordinal);

    /// <param name="file">The adapter.</param>
    /// <param name="target">The network.</param>
    /// <param name="blocks">Factors of blocks, if they differ.</param>
    /// <param name="device">Where the network computes.</param>
    public UnmergedAdapter(LoraFile file, WeightTarget target, BlockStrengths? blocks, Device device)
    {
        var map = LoraKeyMap.For(target);
        using var scope = new TensorScope();
        try
        {
            foreach (var module in file.Modules)
            {
                foreach (var place in map.Find(module))
                {
                    Add(file, module, place, target.Weights[place.Weight].Shape, blocks, device);
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<ILayerUpdate> For(string weight) => _updates.GetValueOrDefault(weight) ?? [];

    public void Dispose()
    {
        foreach (var update in _updates.Values.SelectMany(updates => updates))
        {
            update.Dispose();
        }
        _updates.Clear();
    }

    private void Add(
        LoraFile file,
        LoraModule module,
        LoraTarget place,
        IReadOnlyList<long> shape,
        BlockStrengths? blocks,
        Device device
    )
    {
        // Layers ask by the name of their weight, for their bias too.
        var layer = module.IsBias ? place.Weight[..^Bias.Length] + Weight : place.Weight;
        var factor = blocks?.Of(layer) ?? 1;
        ILayerUpdate update = module is LowRankModule { Magnitude: null } lowRank
            ? LowRank(file, lowRank, place, shape, factor, device)
            : Composed(file, module, place, shape, factor, device);
        if (!_updates.TryGetValue(layer, out var updates))
        {
            _updates[layer] = updates = [];
        }
        updates.Add(update);
    }

    private static LowRankUpdate LowRank(
        LoraFile file,
        LowRankModule module,
        LoraTarget place,
        IReadOnlyList<long> shape,
        double blockFactor,
        Device device
    )
    {
        var (up, down, factor) = module.LoadFactors(file, Count(shape));
        var part = up.Reshape(up.Length(0), -1);
        if (place.Rows?.UpdateStart is { } start)
        {
            part = part.Slice(0, start, start + place.Rows.Length);
        }
        var rows = place.Rows?.Length ?? shape[0];
        if (part.Length(0) != rows || down.ElementCount / Math.Max(1, down.Length(0)) != CountInputs(shape))
        {
            throw Misfit(file, module, place, shape, $"has matrices {up} and {down}");
        }
        return new LowRankUpdate(Own(part, device), Own(down, device), factor * blockFactor, place.Rows?.Start);
    }

    private static ComposedUpdate Composed(
        LoraFile file,
        LoraModule module,
        LoraTarget place,
        IReadOnlyList<long> shape,
        double blockFactor,
        Device device
    )
    {
        if (!module.IsIndependent || (shape.Count is not (2 or 4) && !module.IsBias))
        {
            throw new LoraException(
                $"{file.Path}: '{module.Name}' ({module.Description}) can only be merged into the weights. "
                    + "Load this file with LoraLoader, which merges it."
            );
        }
        var (change, _) = module.Compute(file, ComposedUpdate.SizeOf(shape), 1);
        var rows = place.Rows?.UpdateStart is null ? place.Rows?.Length ?? shape[0] : change.Length(0);
        if (change.Length(0) != rows || change.ElementCount != rows * CountInputs(shape))
        {
            throw Misfit(file, module, place, shape, $"updates {change}");
        }
        return new ComposedUpdate(module, new HeldTensors(file, module.Keys, device), shape, blockFactor, place.Rows);
    }

    // A handle of its own for each, which lives until the adapter is disposed.
    private static Tensor Own(Tensor matrix, Device device) => matrix.To(device).Alias().Retain();

    private static long CountInputs(IReadOnlyList<long> shape) => Count(shape.Skip(1));

    private static long Count(IEnumerable<long> shape) => shape.Aggregate(1L, (product, length) => product * length);

    private static LoraException Misfit(
        LoraFile file,
        LoraModule module,
        LoraTarget place,
        IReadOnlyList<long> shape,
        string given
    ) =>
        new(
            $"{file.Path}: '{module.Name}' {given}, but '{place.Weight}' is [{string.Join(", ", shape)}]"
                + $" and takes {place.Rows?.Length ?? shape[0]} rows. The LoRA is made for another model: choose one for this model, or this LoRA's base model."
        );
}
