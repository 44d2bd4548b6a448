using NodeHost.Diffusion.Lora;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>
/// A Flux transformer written with diffusers' names, under BFL's: what diffusers keeps apart (q, k, v, the single
/// blocks' perceptron) is joined to the fused weights, row range by row range.
/// </summary>
internal sealed class FluxDiffusersSource : IWeightSource
{
    private static readonly string[] DoubleNorms =
    [
        "norm_q:img_attn.norm.query_norm",
        "norm_k:img_attn.norm.key_norm",
        "norm_added_q:txt_attn.norm.query_norm",
        "norm_added_k:txt_attn.norm.key_norm",
    ];
    private static readonly string[] SingleNorms = ["norm_q:norm.query_norm", "norm_k:norm.key_norm"];

    private readonly IWeightSource _source;
    private readonly Dictionary<string, Piece[]> _pieces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WeightInfo> _entries = new(StringComparer.Ordinal);

    /// <param name="source">The file.</param>
    /// <param name="prefix">What it puts before diffusers' names; BFL's are given without.</param>
    public FluxDiffusersSource(IWeightSource source, string prefix)
    {
        _source = source;
        var layers = FluxLayerNames
            .FromDiffusers(FusedShapes(source, prefix))
            .SelectMany(named => named.Targets.Select(target => (named.Name, Target: target)))
            .GroupBy(named => named.Target.Weight);
        foreach (var layer in layers)
        {
            var parts = layer.OrderBy(named => named.Target.Rows?.Start ?? 0).ToArray();
            var key = layer.Key[..^".weight".Length];
            foreach (var kind in new[] { "weight", "bias" })
            {
                Add(
                    $"{key}.{kind}",
                    [.. parts.Select(part => new Piece($"{prefix}{part.Name}.{kind}", part.Target.Rows))]
                );
            }
        }
        AddNorms(prefix + "transformer_blocks", "double_blocks", DoubleNorms);
        AddNorms(prefix + "single_transformer_blocks", "single_blocks", SingleNorms);
        AddWhatIsLeft();
    }

    public string Name => _source.Name;

    public IReadOnlyDictionary<string, WeightInfo> Entries => _entries;

    public Tensor Read(string key)
    {
        if (_pieces[key] is [{ Rows: null } whole])
        {
            return _source.Read(whole.Key);
        }
        using var scope = new TensorScope();
        var parts = _pieces[key].Select(piece => piece.Cut(_source.Read(piece.Key)));
        return scope.Keep(Tensor.Concat([.. parts], 0));
    }

    public IEnumerable<string> OriginsOf(string key) =>
        _pieces[key].SelectMany(piece => _source.OriginsOf(piece.Key)).Distinct();

    public void Forget(string key)
    {
        foreach (var piece in _pieces[key])
        {
            _source.Forget(piece.Key);
        }
    }

    /// <summary>Shapes the fused weights have, as far as the correspondence of names wants to know them.</summary>
    private static Dictionary<string, IReadOnlyList<long>> FusedShapes(IWeightSource source, string prefix)
    {
        var shapes = new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal);
        var (hidden, _) = Shape("x_embedder");
        foreach (var name in FluxLayerNames.OutsideBlocks)
        {
            if (source.Entries.ContainsKey($"{prefix}{name.Diffusers}.weight"))
            {
                shapes[$"{name.Original}.weight"] = [hidden, hidden];
            }
        }
        shapes["final_layer.adaLN_modulation.1.weight"] = [2 * hidden, hidden];
        for (var block = 0; Shape($"transformer_blocks.{block}.attn.to_q").Rows > 0; block++)
        {
            shapes[$"double_blocks.{block}.img_attn.qkv.weight"] = [3 * hidden, hidden];
            shapes[$"double_blocks.{block}.txt_attn.qkv.weight"] = [3 * hidden, hidden];
        }
        for (var block = 0; Shape($"single_transformer_blocks.{block}.proj_mlp").Rows is > 0 and var rows; block++)
        {
            shapes[$"single_blocks.{block}.linear1.weight"] = [3 * hidden + rows, hidden];
        }
        return shapes;

        (long Rows, long Columns) Shape(string layer) =>
            source.Entries.GetValueOrDefault($"{prefix}{layer}.weight")?.Shape is [var rows, var columns]
                ? (rows, columns)
                : (0, 0);
    }

    private void AddNorms(string diffusers, string original, string[] norms)
    {
        for (var block = 0; _source.Entries.ContainsKey($"{diffusers}.{block}.attn.norm_q.weight"); block++)
        {
            foreach (var norm in norms)
            {
                var names = norm.Split(':');
                Add(
                    $"{original}.{block}.{names[1]}.scale",
                    [new Piece($"{diffusers}.{block}.attn.{names[0]}.weight", null)]
                );
            }
        }
    }

    private void Add(string key, Piece[] pieces)
    {
        var infos = pieces.Select(piece => _source.Entries.GetValueOrDefault(piece.Key)).OfType<WeightInfo>().ToArray();
        if (infos.Length < pieces.Length)
        {
            return;
        }
        var rows = pieces.Zip(infos).Sum(pair => pair.First.Rows?.Length ?? pair.Second.Shape[0]);
        _pieces[key] = pieces;
        _entries[key] = infos[0] with { Shape = [rows, .. infos[0].Shape.Skip(1)] };
    }

    /// <summary>Keys that stand for nothing in Flux keep their names, so that messages can tell them.</summary>
    private void AddWhatIsLeft()
    {
        var taken = _pieces.Values.SelectMany(pieces => pieces.Select(piece => piece.Key)).ToHashSet();
        foreach (var key in _source.Entries.Keys.Where(key => !taken.Contains(key)))
        {
            Add(key, [new Piece(key, null)]);
        }
    }

    /// <summary>A tensor of the file, and the rows of the fused weight it fills; null: it is the weight.</summary>
    private sealed record Piece(string Key, LoraRows? Rows)
    {
        public Tensor Cut(Tensor tensor) =>
            Rows?.UpdateStart is { } start ? tensor.Slice(0, start, start + Rows.Length) : tensor;
    }
}
