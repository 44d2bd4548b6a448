using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>
/// An opened LoRA file in any of the common key formats. It is the <see cref="Models.WeightPatch.Adapter"/> of a patch;
/// its tensors stay in the mapped file until a network is built.
/// </summary>
/// <remarks>Paper: "LoRA: Low-Rank Adaptation of Large Language Models", Hu et al. 2021.</remarks>
public sealed class LoraFile : IWeightAdapter
{
    private readonly IWeightFile _file;

    private LoraFile(
        string path,
        IWeightFile file,
        IReadOnlyDictionary<string, LoraModule> modules,
        IReadOnlyList<string> other
    )
    {
        Path = path;
        _file = file;
        Modules = modules;
        OtherKeys = other;
    }

    public string Path { get; }

    /// <summary>The low-rank updates by the name that the file gives the layer.</summary>
    public IReadOnlyDictionary<string, LoraModule> Modules { get; }

    /// <summary>Keys that belong to no complete low-rank update (LoHa, LoKr, DoRA and the like).</summary>
    public IReadOnlyList<string> OtherKeys { get; }

    /// <summary>Reads the keys of a file.</summary>
    /// <exception cref="Tensors.Safetensors.SafetensorsException">It is not a sound safetensors file.</exception>
    /// <exception cref="Tensors.Pickle.PickleException">It is a pickled file that is damaged or refused.</exception>
    /// <exception cref="LoraException">It holds no low-rank update.</exception>
    public static LoraFile Open(string path)
    {
        var file = WeightFiles.Open(path);
        try
        {
            var (modules, other) = Sort(file.Entries.Keys);
            if (modules.Count == 0)
            {
                var example = file.Entries.Keys.FirstOrDefault() ?? "nothing";
                throw new LoraException(
                    $"{path}: expected pairs of LoRA matrices (such as NAME.lora_up.weight and NAME.lora_down.weight), "
                        + $"got {file.Entries.Count} other tensors (such as {example}). Choose a LoRA file; LoHa and LoKr are not supported."
                );
            }
            return new LoraFile(path, file, modules, other);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public IWeightPatcher? For(WeightTarget target, double strength)
    {
        var patcher = new LoraPatcher(this, LoraKeyMap.For(target), strength);
        return patcher.IsEmpty ? null : patcher;
    }

    /// <summary>One sentence on the modules that fit no layer of the given networks; null where each fits one.</summary>
    public string? DescribeUnmatched(params IReadOnlyList<WeightTarget> targets)
    {
        var maps = targets.Select(LoraKeyMap.For).ToList();
        var unmatched = Modules.Keys.Where(name => maps.All(map => map.Find(name).Count == 0)).ToList();
        unmatched.AddRange(OtherKeys);
        if (unmatched.Count == 0)
        {
            return null;
        }
        var expected = string.Join(" or ", maps.Select(map => $"'{map.Example}'").Distinct());
        return $"{Path}: {unmatched.Count} of {Modules.Count + OtherKeys.Count} keys match nothing in the model, such as '{unmatched[0]}'; "
            + $"expected names like {expected}. They are left out; the LoRA may be made for another model.";
    }

    /// <summary>The update of a layer [out, in * kH * kW] in float32, not yet scaled, and its factor alpha / rank.</summary>
    internal (Tensor Update, double Factor) Compute(LoraModule module)
    {
        using var scope = new TensorScope();
        var (up, down, factor) = LoadFactors(module);
        var update = Functional.Matmul(up.Reshape(up.Length(0), -1), down.Reshape(down.Length(0), -1));
        return (scope.Keep(update), factor);
    }

    /// <summary>B [out, rank] and A [rank, in] (or with a kernel's dimensions behind) in float32, and alpha / rank.</summary>
    internal (Tensor Up, Tensor Down, double Factor) LoadFactors(LoraModule module)
    {
        var up = Load(module.Up);
        var down = Load(module.Down);
        if (up.Rank is not (2 or 4) || down.Rank is not (2 or 4) || up.Length(1) != down.Length(0))
        {
            throw new LoraException(
                $"{Path}: '{module.Name}' must hold matrices [out, rank] and [rank, in], got {up} and {down}. The file is damaged."
            );
        }
        var rank = down.Length(0);
        var factor = module.Alpha is { } key ? Load(key).Item() / rank : 1;
        if (module.Mid is { } mid)
        {
            down = ComposeCore(module, down, Load(mid));
        }
        return (up, down, factor);
    }

    private Tensor Load(string key)
    {
        using var stored = _file.Read(key);
        return stored.To(DType.Float32);
    }

    // CP decomposition of a convolution: A'[r, i, h, w] = sum over s of core[r, s, h, w] A[s, i].
    private Tensor ComposeCore(LoraModule module, Tensor down, Tensor core)
    {
        var rank = down.Length(0);
        if (core.Rank != 4 || core.Length(0) != rank || core.Length(1) != rank)
        {
            throw new LoraException(
                $"{Path}: '{module.Name}' must have a core [{rank}, {rank}, kH, kW], got {core}. The file is damaged."
            );
        }
        return Functional.Matmul(core.Permute(0, 2, 3, 1), down.Reshape(rank, -1)).Permute(0, 3, 1, 2);
    }

    private static (Dictionary<string, LoraModule> Modules, List<string> Other) Sort(IEnumerable<string> keys)
    {
        var parts = new Dictionary<string, Dictionary<LoraKeySuffix.Part, string>>(StringComparer.Ordinal);
        var other = new List<string>();
        foreach (var key in keys)
        {
            if (LoraKeySuffix.Split(key) is not var (name, part))
            {
                other.Add(key);
                continue;
            }
            if (!parts.TryGetValue(name, out var found))
            {
                parts[name] = found = [];
            }
            found.TryAdd(part, key);
        }
        var modules = new Dictionary<string, LoraModule>(StringComparer.Ordinal);
        foreach (var (name, found) in parts)
        {
            if (
                found.TryGetValue(LoraKeySuffix.Part.Up, out var up)
                && found.TryGetValue(LoraKeySuffix.Part.Down, out var down)
            )
            {
                modules[name] = new LoraModule(name, up, down)
                {
                    Mid = found.GetValueOrDefault(LoraKeySuffix.Part.Mid),
                    Alpha = found.GetValueOrDefault(LoraKeySuffix.Part.Alpha),
                };
            }
            else
            {
                other.AddRange(found.Values);
            }
        }
        return (modules, other);
    }
}
