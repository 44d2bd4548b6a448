using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Checkpoints;

/// <summary>Checkpoints whose tensors were lost, renamed or cut: each part is built, or refused with a reason.</summary>
[AssertNoLeakedTensors]
public sealed class DamagedCheckpointTests
{
    public static TheoryData<string> Files =>
        [
            "checkpoints/nodehost-tiny-sd15.safetensors",
            "checkpoints/nodehost-tiny-sdxl-base.safetensors",
            "checkpoints/nodehost-tiny-sdxl-refiner.safetensors",
            "diffusion_models/nodehost-tiny-flux-dev.safetensors",
            "diffusion_models/nodehost-tiny-flux-dev.gguf",
            "text_encoders/nodehost-tiny-clip_l.safetensors",
            "text_encoders/nodehost-tiny-t5xxl.safetensors",
            "text_encoders/nodehost-tiny-t5xxl.gguf",
            "upscale_models/nodehost-tiny-x4.safetensors",
            "vae/nodehost-tiny-flux-ae.safetensors",
        ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Build_AHundredDamagedFiles_BuildsOrRefusesEach(string file)
    {
        using var sound = WeightFiles.Open(Repository.Model(file));
        var failures = new List<string>();
        for (var seed = 0; seed < 100; seed++)
        {
            var source = new DamagedSource(sound, new Random(seed));
            try
            {
                using var scope = new TensorScope();
                foreach (var part in ModelFamilies.Recognise(source))
                {
                    using var weights = part.Open([]);
                    part.Build(weights.Root);
                    weights.FitInto(long.MaxValue);
                }
            }
            catch (Exception error) when (error is WeightException or UnsupportedModelException)
            {
                Assert.NotEmpty(error.Message);
            }
            catch (Exception error)
            {
                failures.Add(
                    $"seed {seed}: {error.GetType().Name} {error.Message.Split('\n')[0]} {error.StackTrace!.Split('\n')[0]}\n   {source.Changes}"
                );
            }
        }
        Assert.Empty(failures);
    }

    private sealed class DamagedSource : IWeightSource
    {
        private static readonly long[] Lengths = [0, 1, 2, 3, 5, 31, 64, 1000];
        private readonly Dictionary<string, WeightInfo> _entries;

        public DamagedSource(IWeightSource sound, Random random)
        {
            Name = sound.Name;
            _entries = sound.Entries.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
            for (var changes = random.Next(1, 6); changes > 0 && _entries.Count > 0; changes--)
            {
                // The keys that tell sizes are few; half of the changes hit one of the first and last.
                var keys = _entries.Keys.ToArray();
                var key = keys[random.Next(keys.Length)];
                var info = _entries[key];
                switch (random.Next(8))
                {
                    case 0:
                        _entries.Remove(key);
                        break;
                    case 1:
                        _entries.Remove(key);
                        _entries[key.Replace("0", "7", StringComparison.Ordinal)] = info;
                        break;
                    case 2:
                        // A whole block is lost.
                        var place = key[..Math.Max(1, key.LastIndexOf('.'))];
                        foreach (var lost in keys.Where(other => other.StartsWith(place, StringComparison.Ordinal)))
                        {
                            _entries.Remove(lost);
                        }
                        break;
                    case 3 when info.Shape.Count > 0:
                        // The same length everywhere, as another model of the family would have it.
                        var (from, to) = (info.Shape[0], Lengths[random.Next(Lengths.Length)]);
                        foreach (var other in keys)
                        {
                            _entries[other] = _entries[other] with
                            {
                                Shape = [.. _entries[other].Shape.Select(length => length == from ? to : length)],
                            };
                        }
                        key = "all " + from + " to " + to;
                        break;
                    case 4:
                        _entries[key] = info with { Shape = [.. info.Shape.Skip(1)] };
                        break;
                    case 5:
                        _entries[key] = info with { Shape = [.. info.Shape, 1] };
                        break;
                    case 6:
                        _entries[key] = info with { DType = DType.Int64 };
                        break;
                    default:
                        if (info.Shape.Count > 0)
                        {
                            var shape = info.Shape.ToArray();
                            shape[random.Next(shape.Length)] = Lengths[random.Next(Lengths.Length)];
                            _entries[key] = info with { Shape = shape };
                        }
                        break;
                }
                Changes += key + "; ";
            }
        }

        public string Changes { get; } = "";

        public string Name { get; }

        public IReadOnlyDictionary<string, WeightInfo> Entries => _entries;

        public Tensor Read(string key)
        {
            var info = _entries[key];
            using var zeros = Tensor.Zeros([.. info.Shape]);
            return zeros.To(info.DType.IsFloatingPoint() ? DType.Float32 : info.DType);
        }
    }
}
