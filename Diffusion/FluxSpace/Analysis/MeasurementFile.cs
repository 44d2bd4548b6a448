using NodeHost.Diffusion.FluxSpace.Measurement;
using NodeHost.Diffusion.FluxSpace.Numpy;

namespace NodeHost.Diffusion.FluxSpace.Analysis;

/// <summary>Token means that a measuring run left at every site, a site being one block at one step.</summary>
public sealed class MeasurementFile
{
    private const double SigmaTolerance = 1e-4;
    private const string Steered = "steered_at_scale";
    private const string Remedy = "Choose a file that FluxSpaceBaseMeasure or an edit's measure_path wrote.";

    private readonly Dictionary<string, float[]> _members;

    /// <param name="steps">Indexes of the steps in the run's schedule.</param>
    /// <param name="blocks">Names of the blocks in order of execution.</param>
    /// <param name="members">Arrays by name, [step, block, channel] or [step, block], flattened; one is <c>attn_base</c>.</param>
    /// <param name="name">The file, for messages.</param>
    public MeasurementFile(
        IReadOnlyList<long> steps,
        IReadOnlyList<string> blocks,
        IReadOnlyDictionary<string, float[]> members,
        string name = "Measurement"
    )
    {
        ArgumentNullException.ThrowIfNull(members);
        (Name, Steps, Blocks, _members) = (name, steps, blocks, new(members));
        Width = SiteCount == 0 ? 0 : Base.Length / SiteCount;
        foreach (var (member, values) in _members)
        {
            var isVector = SiteMembers.IsVector(member);
            if (Width == 0 || values.Length != (isVector ? SiteCount * Width : SiteCount))
            {
                throw new FluxSpaceException(
                    $"{Name}: '{member}' has {values.Length} values, expected {(isVector ? $"{Width} channels" : "one number")} for each of "
                        + $"{Steps.Count} steps x {Blocks.Count} blocks. {Remedy}"
                );
            }
            if (Array.FindIndex(values, value => !float.IsFinite(value)) is >= 0 and var at)
            {
                throw new FluxSpaceException(
                    $"{Name}: '{member}' is {values[at]} at place {at} of {values.Length}, where a finite number is expected: the run that "
                        + "was measured had broken down. Measure at a smaller scale, or in float32."
                );
            }
        }
    }

    /// <summary>The file, for messages.</summary>
    public string Name { get; }

    /// <summary>Noise levels of the steps; empty where the file does not tell.</summary>
    public IReadOnlyList<double> Sigmas { get; init; } = [];

    public IReadOnlyList<long> Steps { get; }

    public IReadOnlyList<string> Blocks { get; }

    /// <summary>Channels of a site.</summary>
    public int Width { get; }

    public int SiteCount => Steps.Count * Blocks.Count;

    /// <summary>What attention gave before it was steered, [step, block, channel].</summary>
    public ReadOnlySpan<float> Base => Find("attn_base");

    /// <exception cref="FluxSpaceException">It is no measurement.</exception>
    /// <exception cref="NumpyException">It is no archive of arrays, or a damaged one.</exception>
    public static MeasurementFile Read(string path)
    {
        using var archive = NumpyArchive.Open(path);
        var steps = archive.Read("step_keys").ToIntegers();
        var blocks = archive.Read("block_keys").ToTexts();
        var members = archive
            .Names.Where(name =>
                name == Steered || name.StartsWith("attn_base", StringComparison.Ordinal) || IsDelta(name)
            )
            .ToDictionary(name => name, name => archive.Read(name).ToFloats());
        var sigmas = archive.Contains("sigmas") ? archive.Read("sigmas").ToDoubles() : [];
        if (sigmas.Length != 0 && sigmas.Length != steps.Length)
        {
            throw new FluxSpaceException(
                $"{path}: 'sigmas' has {sigmas.Length} values for {steps.Length} steps. {Remedy}"
            );
        }
        return members.ContainsKey("attn_base")
            ? new MeasurementFile(steps, blocks, members, path) { Sigmas = sigmas }
            : throw new FluxSpaceException($"{path}: there is no array 'attn_base'. {Remedy}");
    }

    /// <summary>The scale that the edit had, as its steered means show; null where the file does not tell.</summary>
    public double? Scale
    {
        get
        {
            if (!_members.TryGetValue(Steered, out var steered) || !_members.TryGetValue("delta_mix", out var pull))
            {
                return null;
            }
            var (moved, pulled) = (0.0, 0.0);
            for (var index = 0; index < pull.Length; index++)
            {
                moved += (steered[index] - Base[index]) * (double)pull[index];
                pulled += pull[index] * (double)pull[index];
            }
            return pulled == 0 ? null : moved / pulled;
        }
    }

    /// <summary>The edit's pull <c>m - attn</c> at scale 1, [step, block, channel].</summary>
    /// <param name="slot">Number of the slot, from 1; a run with one slot does not number it.</param>
    public ReadOnlySpan<float> Delta(int slot) => Find(DeltaName(slot));

    /// <summary>Norms of the pull over tokens and channels, [step, block]; empty where the file has none.</summary>
    public ReadOnlySpan<float> DeltaNorms(int slot) => _members.GetValueOrDefault($"{DeltaName(slot)}_fro") ?? [];

    /// <summary>Norms of the unsteered attention over tokens and channels, [step, block]; empty where the file has none.</summary>
    public ReadOnlySpan<float> BaseNorms() => _members.GetValueOrDefault("attn_base_fro") ?? [];

    /// <summary>The part of the file at sites that others have too, so that both can be compared.</summary>
    public MeasurementFile Restrict(IEnumerable<MeasurementFile> others)
    {
        MeasurementFile[] all = [.. others];
        foreach (var other in all)
        {
            RequireSameOrigin(other);
        }
        int[] steps =
        [
            .. Enumerable.Range(0, Steps.Count).Where(at => all.All(other => other.Steps.Contains(Steps[at]))),
        ];
        int[] blocks =
        [
            .. Enumerable.Range(0, Blocks.Count).Where(at => all.All(other => other.Blocks.Contains(Blocks[at]))),
        ];
        var sites = steps.SelectMany(step => blocks.Select(block => step * Blocks.Count + block)).ToArray();
        if (sites.Length == 0)
        {
            throw new FluxSpaceException(
                $"{Name}: no step and block is in all of the files (this one has steps {string.Join(", ", Steps)}). "
                    + "Measure with the same model, schedule and window."
            );
        }
        return new MeasurementFile(
            [.. steps.Select(at => Steps[at])],
            [.. blocks.Select(at => Blocks[at])],
            _members.ToDictionary(member => member.Key, member => Select(member.Value, sites)),
            Name
        )
        {
            Sigmas = Sigmas.Count == 0 ? [] : [.. steps.Select(at => Sigmas[at])],
        };
    }

    private void RequireSameOrigin(MeasurementFile other)
    {
        if (other.Width != Width)
        {
            throw new FluxSpaceException(
                $"{other.Name} has {other.Width} channels, {Name} has {Width}: they come from different models. Measure both with one."
            );
        }
        foreach (var (step, sigma) in Steps.Zip(Sigmas))
        {
            var at = other.Sigmas.Count == 0 ? -1 : other.Steps.ToList().IndexOf(step);
            if (at >= 0 && Math.Abs(other.Sigmas[at] - sigma) > SigmaTolerance * Math.Max(1, sigma))
            {
                throw new FluxSpaceException(
                    $"{other.Name} was measured with noise level {other.Sigmas[at]:0.####} at step {step}, {Name} with {sigma:0.####}. "
                        + "Measure both with one model, schedule and number of steps."
                );
            }
        }
    }

    private static bool IsDelta(string name) =>
        name.StartsWith("delta_mix", StringComparison.Ordinal) && !name.Contains("rms", StringComparison.Ordinal);

    private float[] Select(float[] values, int[] sites)
    {
        var width = values.Length / SiteCount;
        return [.. sites.SelectMany(site => values.Skip(site * width).Take(width))];
    }

    private string DeltaName(int slot) =>
        slot == 1 && _members.ContainsKey("delta_mix") ? "delta_mix" : $"delta_mix_{slot}";

    private ReadOnlySpan<float> Find(string name) =>
        _members.TryGetValue(name, out var values)
            ? values
            : throw new FluxSpaceException(
                $"{Name}: there is no '{name}'; it has {string.Join(", ", _members.Keys.Order())}. "
                    + (
                        name == "attn_base"
                            ? Remedy
                            : "A base measurement has no edit; choose a slot that was measured, or measure an edit at scale 1."
                    )
            );
}
