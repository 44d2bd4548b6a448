using System.Globalization;
using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Lora;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Golden.Groups;

/// <summary>LoRA files: which weights their layers go to, and the merged weights.</summary>
internal sealed class LoraMergeGroup : IGoldenGroup
{
    private const double Tolerance = 1e-6;
    private const string DiffusionPrefix = "diffusion_model.";
    private const string ClipPrefix = "clip_l.transformer.";

    public string Name => "lora_merge";

    public string Marker => "lora_merge.json";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        using var expected = SafetensorsFile.Open(folder.PathOf("lora_merge.safetensors"));
        foreach (var description in GoldenFolder.ReadJson(folder.PathOf(Marker))["cases"]!)
        {
            var name = (string)description["file"]!;
            if (wanted(name))
            {
                foreach (var result in RunCase(folder, name, description, expected))
                {
                    yield return result;
                }
            }
        }
    }

    private static IEnumerable<GoldenResult> RunCase(
        GoldenFolder folder,
        string name,
        JToken description,
        SafetensorsFile expected
    )
    {
        using var scope = new TensorScope();
        var lora = LoraFile.Open(Path.Combine(folder.Models, "loras", name));
        var isFlux = name.Contains("flux", StringComparison.Ordinal);
        var modelFile = isFlux ? "diffusion_models/tiny-flux-dev" : "checkpoints/tiny-sd15";
        using var model = SafetensorsFile.Open(Path.Combine(folder.Models, $"{modelFile}.safetensors"));
        var diffusion = new Part(
            model,
            isFlux ? "" : "model.diffusion_model.",
            DiffusionPrefix,
            new WeightTargetPlace(ModelRole.Diffusion, isFlux ? "Flux" : "SD1.5", DType.Float32)
        );
        var clip = new Part(
            model,
            "cond_stage_model.transformer.",
            ClipPrefix,
            new WeightTargetPlace(ModelRole.TextEncoder, "l", DType.Float16)
        );
        Part[] parts = [diffusion, clip];

        var map = (JObject)description["key_map"]!;
        yield return GoldenResult.OfEquality($"{name}/key_map", CompareMaps(lora, parts, map));

        var strength = (double)description["strength"]!;
        var errors = description["merged"]!
            .Select(merged => ErrorOf(lora, strength, name, merged, parts, expected))
            .ToList();
        yield return GoldenResult.OfError($"{name}/{errors.Count} weights", errors.Max(), Tolerance);
    }

    private static double ErrorOf(
        LoraFile lora,
        double strength,
        string name,
        JToken merged,
        Part[] parts,
        SafetensorsFile expected
    )
    {
        using var scope = new TensorScope();
        var key = (string)merged["key"]!;
        var part = parts.First(candidate => key.StartsWith(candidate.Prefix, StringComparison.Ordinal));
        var actual = part.Merge(key[part.Prefix.Length..], lora, strength);
        // Of the larger weights the file holds sums only.
        var tensorKey = $"{name}|{strength.ToString("0.0##", CultureInfo.InvariantCulture)}|{key}";
        return expected.Contains(tensorKey)
            ? ErrorOfTensor(actual, expected.Load(tensorKey, DType.Float32))
            : ErrorOfSums(actual, merged);
    }

    private static string? CompareMaps(LoraFile lora, Part[] parts, JObject expected)
    {
        var actual = new JObject();
        foreach (var module in lora.Modules.Select(module => module.Name))
        {
            foreach (var part in parts)
            {
                foreach (var target in part.Map.Find(module))
                {
                    var key = part.Prefix + target.Weight;
                    actual[module] = target.Rows is { } rows
                        ? new JObject
                        {
                            ["key"] = key,
                            ["dim"] = 0,
                            ["start"] = rows.Start,
                            ["length"] = rows.Length,
                        }
                        : key;
                }
            }
        }
        var names = expected
            .Properties()
            .Select(property => property.Name)
            .Union(lora.Modules.Select(module => module.Name));
        return names.FirstOrDefault(name => !JToken.DeepEquals(expected[name], actual[name])) is { } wrong
            ? $"'{wrong}' goes to {actual[wrong]}, expected {expected[wrong]}"
            : null;
    }

    private static double ErrorOfTensor(Tensor actual, Tensor expected) =>
        (actual.To(DType.Float32) - expected).Abs().Max().Item() / expected.Abs().Max().Item();

    private static double ErrorOfSums(Tensor actual, JToken merged)
    {
        var exact = actual.To(DType.Float64);
        var scale = (double)merged["abs_sum"]!;
        var difference = Math.Abs(exact.Sum().Item() - (double)merged["sum"]!);
        return Math.Max(difference, Math.Abs(exact.Abs().Sum().Item() - scale)) / scale;
    }

    /// <summary>One network of a checkpoint, its keys without the prefix.</summary>
    private sealed class Part
    {
        private readonly SafetensorsFile _file;
        private readonly string _filePrefix;
        private readonly DType _storage;
        private readonly WeightTarget _target;

        public Part(SafetensorsFile file, string filePrefix, string goldenPrefix, WeightTargetPlace place)
        {
            (_file, _filePrefix, Prefix, _storage) = (file, filePrefix, goldenPrefix, place.Storage);
            var weights = file
                .Entries.Values.Where(entry => entry.Key.StartsWith(filePrefix, StringComparison.Ordinal))
                .ToDictionary(
                    entry => entry.Key[filePrefix.Length..],
                    entry => new WeightInfo(entry.DType, entry.Shape.ToArray())
                );
            _target = new WeightTarget(place.Role, place.Part, weights);
            Map = LoraKeyMap.For(_target);
        }

        public string Prefix { get; }

        public LoraKeyMap Map { get; }

        public Tensor Merge(string name, LoraFile lora, double strength)
        {
            var weight = _file.Load(_filePrefix + name, _storage).To(DType.Float32);
            return lora.For(_target, strength)!.Patch(name, weight).To(_storage);
        }
    }

    /// <summary>What a network is, and the type its weights are kept in.</summary>
    private sealed record WeightTargetPlace(ModelRole Role, string Part, DType Storage);
}
