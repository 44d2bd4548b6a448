namespace NodeHost.Diffusion.Checkpoints;

/// <summary>What a file holds and whether the networks ask for all of it; nothing is read, so full-size files take no memory.</summary>
/// <param name="Parts">The networks recognised.</param>
/// <param name="Asked">How often each key was asked for.</param>
/// <param name="LeftOver">Keys that no network asks for and that are not known buffers of training.</param>
public sealed record CheckpointAudit(
    IReadOnlyList<ModelPart> Parts,
    IReadOnlyDictionary<string, int> Asked,
    IReadOnlyList<string> LeftOver
)
{
    /// <summary>Buffers that real files carry and no loader reads.</summary>
    private static readonly string[] SilentPrefixes =
    [
        "model_ema.",
        "betas",
        "alphas_cumprod",
        "sqrt_",
        "log_one_minus_alphas_cumprod",
        "posterior_",
        "denoiser.",
        "cond_stage_model.logit_scale",
        "logit_scale",
        "encoder.embed_tokens.weight",
        "first_stage_model.loss.",
        "loss.",
    ];

    /// <summary>One sentence on the keys that are left over; null when there are none.</summary>
    public string? LeftOverWarning =>
        LeftOver.Count == 0
            ? null
            : $"{Parts[0].Source.Name}: {LeftOver.Count} keys are used by nothing, such as '{LeftOver[0]}' "
                + $"(nearest key in use: '{NearestKey.Find(LeftOver[0], Asked.Keys)}').";

    /// <exception cref="UnsupportedModelException">The file holds no known network.</exception>
    /// <exception cref="WeightException">A network is incomplete.</exception>
    public static CheckpointAudit Of(IWeightSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var parts = ModelFamilies.Recognise(new ShapeSource(source.Name, source.Entries));
        var asked = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            using var weights = part.Open([], keptBytes: 0);
            part.Build(weights.Root);
            foreach (var (key, count) in weights.Asked)
            {
                asked[key] = asked.GetValueOrDefault(key) + count;
            }
        }
        return new(parts, asked, FindLeftOver(parts, source, asked));
    }

    private static string[] FindLeftOver(
        IReadOnlyList<ModelPart> parts,
        IWeightSource source,
        Dictionary<string, int> asked
    )
    {
        // A source that renames or leaves out keys is asked by its own names.
        var keys = parts.Select(part => part.Source).FirstOrDefault(part => part is not ShapeSource) ?? source;
        return
        [
            .. keys.Entries.Keys.Where(key => !asked.ContainsKey(key) && !IsSilent(key)).Order(StringComparer.Ordinal),
        ];
    }

    private static bool IsSilent(string key) =>
        SilentPrefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal));
}
