using System.Globalization;
using System.Text.RegularExpressions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Diffusion.Text;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>
/// What a configuration file of latent diffusion (<c>v1-inference.yaml</c> and its kind) says that a checkpoint's tensors
/// do not.
/// </summary>
/// <param name="PredictsVelocity">Whether the network predicts v.</param>
/// <param name="LatentScale">Factor of latents towards the network; null where nothing is said.</param>
/// <param name="TextLayer">Layer of the text encoder, counted from the end; null where nothing is said.</param>
public sealed partial record ModelConfigFile(bool PredictsVelocity, double? LatentScale, int? TextLayer)
{
    public static ModelConfigFile Read(string path) => Parse(File.ReadAllText(path));

    public static ModelConfigFile Parse(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match match in LinePattern().Matches(yaml))
        {
            // The first of a name is the model's own; networks inside it come later.
            values.TryAdd(match.Groups["name"].Value, match.Groups["value"].Value);
        }
        return new(
            values.GetValueOrDefault("parameterization") == "v",
            double.TryParse(values.GetValueOrDefault("scale_factor"), CultureInfo.InvariantCulture, out var scale)
            && scale > 0
                ? scale
                : null,
            int.TryParse(values.GetValueOrDefault("layer_idx"), CultureInfo.InvariantCulture, out var layer)
            && layer < 0
                ? layer
                : null
        );
    }

    public DiffusionModel Apply(DiffusionModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var configured = model with
        {
            LatentFormat = model.LatentFormat with { Scale = LatentScale ?? model.LatentFormat.Scale },
        };
        return PredictsVelocity
            ? configured with
            {
                Sampling = new DiscreteModelSampling(new VelocityPrediction()),
            }
            : configured;
    }

    public Clip? Apply(Clip? clip) =>
        clip is not null && TextLayer is { } layer ? clip with { LastLayer = layer } : clip;

    [GeneratedRegex(
        """^\s*(?<name>parameterization|scale_factor|layer_idx)\s*:\s*["']?(?<value>[^"'\s#]+)""",
        RegexOptions.Multiline
    )]
    private static partial Regex LinePattern();
}
