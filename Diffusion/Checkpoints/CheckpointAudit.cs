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
        // Marks of SDXL models trained on velocity or on continuous noise levels.
        "v_pred",
        "ztsnr",
        "edm_vpred.",
        "edm_mean",
        "edm_std",
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
        var file = ScaledFloat8Source.Over(new ShapeSource(source.Name, source.Entries));
        var parts = ModelFamilies.Recognise(file);
        var asked = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            foreach (var (key, count) in AskedOfFile(part))
            {
                asked[key] = asked.GetValueOrDefault(key) + count;
            }
        }
        var leftOver = file.Entries.Keys.Where(key => !asked.ContainsKey(key) && !IsSilent(key));
        return new(parts, asked, [.. leftOver.Order(StringComparer.Ordinal)]);
    }

    /// <summary>The file's own keys: one that is shared out over several weights counts once.</summary>
    private static Dictionary<string, int> AskedOfFile(ModelPart part)
    {
        var asked = new Dictionary<string, int>(StringComparer.Ordinal);
        using var weights = part.Open([], keptBytes: 0);
        part.Build(weights.Root);
        foreach (var (key, count) in weights.Asked)
        {
            foreach (var origin in part.Source.OriginsOf(key))
            {
                asked[origin] = Math.Max(asked.GetValueOrDefault(origin), count);
            }
        }
        return asked;
    }

    private static bool IsSilent(string key) =>
        SilentPrefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal));
}
