using NodeHost.Diffusion.Lora.Modules;

namespace NodeHost.Diffusion.Lora;

/// <summary>Puts the keys of an adapter file together to what each layer gets.</summary>
internal static class LoraModules
{
    /// <summary>The updates there are, and the keys that belong to none that is complete.</summary>
    public static (IReadOnlyList<LoraModule> Modules, IReadOnlyList<string> Other) Sort(IEnumerable<string> keys)
    {
        var layers = new Dictionary<string, Dictionary<LoraKeyPart, string>>(StringComparer.Ordinal);
        var other = new List<string>();
        foreach (var key in keys)
        {
            if (LoraKeySuffix.Split(key) is not var (name, part))
            {
                other.Add(key);
                continue;
            }
            if (!layers.TryGetValue(name, out var parts))
            {
                layers[name] = parts = [];
            }
            if (!parts.TryAdd(part, key))
            {
                other.Add(key);
            }
        }
        var modules = new List<LoraModule>();
        foreach (var (name, parts) in layers)
        {
            var found = Build(name, part => parts.GetValueOrDefault(part)).ToArray();
            modules.AddRange(found);
            other.AddRange(parts.Values.Except(found.SelectMany(module => module.Keys)));
        }
        return (modules, other);
    }

    private static IEnumerable<LoraModule> Build(string name, Func<LoraKeyPart, string?> key)
    {
        if (BuildWeight(name, key) is { } module)
        {
            yield return module;
        }
        if (key(LoraKeyPart.BiasDifference) is { } bias)
        {
            yield return new DifferenceModule(name, bias, isBias: true);
        }
    }

    private static LoraModule? BuildWeight(string name, Func<LoraKeyPart, string?> key)
    {
        var (alpha, magnitude) = (key(LoraKeyPart.Alpha), key(LoraKeyPart.Magnitude));
        if (key(LoraKeyPart.Up) is { } up && key(LoraKeyPart.Down) is { } down)
        {
            return new LowRankModule(name, up, down, key(LoraKeyPart.Mid)) { Alpha = alpha, Magnitude = magnitude };
        }
        if (
            Hadamard(key, LoraKeyPart.HadamardW1A, LoraKeyPart.HadamardW1B, LoraKeyPart.HadamardT1) is { } first
            && Hadamard(key, LoraKeyPart.HadamardW2A, LoraKeyPart.HadamardW2B, LoraKeyPart.HadamardT2) is { } second
        )
        {
            return new HadamardModule(name, first, second) { Alpha = alpha, Magnitude = magnitude };
        }
        var small = new KroneckerKeys(
            key(LoraKeyPart.KroneckerW1),
            key(LoraKeyPart.KroneckerW1A),
            key(LoraKeyPart.KroneckerW1B),
            null
        );
        var large = new KroneckerKeys(
            key(LoraKeyPart.KroneckerW2),
            key(LoraKeyPart.KroneckerW2A),
            key(LoraKeyPart.KroneckerW2B),
            key(LoraKeyPart.KroneckerT2)
        );
        if (small.AreComplete && large.AreComplete)
        {
            return new KroneckerModule(name, small, large) { Alpha = alpha, Magnitude = magnitude };
        }
        if (
            key(LoraKeyPart.GeneralizedA1) is { } a1
            && key(LoraKeyPart.GeneralizedA2) is { } a2
            && key(LoraKeyPart.GeneralizedB1) is { } b1
            && key(LoraKeyPart.GeneralizedB2) is { } b2
        )
        {
            return new GeneralizedModule(name, a1, a2, b1, b2, key(LoraKeyPart.GeneralizedMid)) { Alpha = alpha };
        }
        if (key(LoraKeyPart.OrthogonalBlocks) is { } blocks)
        {
            return new OrthogonalModule(name, blocks, key(LoraKeyPart.OrthogonalScale)) { Alpha = alpha };
        }
        if (key(LoraKeyPart.Difference) is { } difference)
        {
            return new DifferenceModule(name, difference, isBias: false) { Alpha = alpha, Magnitude = magnitude };
        }
        return key(LoraKeyPart.NewWeight) is { } replacement ? new ReplacementModule(name, replacement) : null;
    }

    private static HadamardKeys? Hadamard(
        Func<LoraKeyPart, string?> key,
        LoraKeyPart left,
        LoraKeyPart right,
        LoraKeyPart core
    ) => key(left) is { } a && key(right) is { } b ? new HadamardKeys(a, b, key(core)) : null;
}
