using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>A LoRA file's matrices in memory, by the weight they would be merged into.</summary>
internal sealed class LowRankAdapter : IDisposable
{
    private readonly Dictionary<string, List<LowRankUpdate>> _updates = new(StringComparer.Ordinal);

    /// <param name="file">The adapter.</param>
    /// <param name="target">The network.</param>
    /// <param name="blocks">Factors of blocks, if they differ.</param>
    /// <param name="device">Where the network computes.</param>
    public LowRankAdapter(LoraFile file, WeightTarget target, BlockStrengths? blocks, Device device)
    {
        var map = LoraKeyMap.For(target);
        using var scope = new TensorScope();
        try
        {
            foreach (var module in file.Modules.Values)
            {
                Add(file, module, target, map.Find(module.Name), blocks, device);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyList<LowRankUpdate> For(string weight) => _updates.GetValueOrDefault(weight) ?? [];

    public void Dispose()
    {
        foreach (var update in _updates.Values.SelectMany(updates => updates))
        {
            update.Up.Dispose();
            update.Down.Dispose();
        }
        _updates.Clear();
    }

    private void Add(
        LoraFile file,
        LoraModule module,
        WeightTarget target,
        IReadOnlyList<LoraTarget> places,
        BlockStrengths? blocks,
        Device device
    )
    {
        if (places.Count == 0)
        {
            return;
        }
        var (up, down, factor) = file.LoadFactors(module);
        foreach (var (weight, rows) in places)
        {
            var part = up.Reshape(up.Length(0), -1);
            if (rows?.UpdateStart is { } start)
            {
                part = part.Slice(0, start, start + rows.Length);
            }
            var shape = target.Weights[weight].Shape;
            Check(file, module, weight, shape, rows?.Length ?? shape[0], part, down);
            if (!_updates.TryGetValue(weight, out var updates))
            {
                _updates[weight] = updates = [];
            }
            var scaled = factor * (blocks?.Of(weight) ?? 1);
            updates.Add(new LowRankUpdate(Own(part, device), Own(down, device), scaled, rows?.Start));
        }
    }

    // A handle of its own for each, which lives until the adapter is disposed.
    private static Tensor Own(Tensor matrix, Device device) => matrix.To(device).Alias().Retain();

    private static void Check(
        LoraFile file,
        LoraModule module,
        string weight,
        IReadOnlyList<long> shape,
        long rows,
        Tensor up,
        Tensor down
    )
    {
        var inputs = shape.Skip(1).Aggregate(1L, (product, length) => product * length);
        if (up.Length(0) != rows || down.ElementCount / Math.Max(1, down.Length(0)) != inputs)
        {
            throw new LoraException(
                $"{file.Path}: '{module.Name}' has matrices {up} and {down}, but '{weight}' is [{string.Join(", ", shape)}]"
                    + $" and takes {rows} rows. The LoRA is made for another model: choose one for this model, or this LoRA's base model."
            );
        }
    }
}
