using System.Globalization;
using System.Text.RegularExpressions;
using NodeHost.Diffusion.Sampling;

namespace NodeHost.Diffusion.Lora;

/// <summary>The windows of a run during which a LoRA applies; where several overlap, their strengths add up.</summary>
/// <param name="Windows">The windows.</param>
public sealed partial record LoraGate(params IReadOnlyList<GatedWindow> Windows)
{
    /// <summary>Factor at a noise level; 0 where the gate is shut.</summary>
    public double StrengthAt(ModelSampling sampling, double sigma) =>
        Windows.Where(window => window.Contains(sampling, sigma)).Sum(window => window.Strength);

    public bool IsOpen(ModelSampling sampling, double sigma) => StrengthAt(sampling, sigma) != 0;

    /// <summary>Reads windows written <c>0-0.2=0.5, 0.2-0.8</c>.</summary>
    /// <exception cref="FormatException">One is not of that form.</exception>
    public static LoraGate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var windows = text.Split(
            [',', '\n', ';'],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        return new LoraGate([.. windows.Select(ParseWindow)]);
    }

    private static GatedWindow ParseWindow(string text)
    {
        var match = WindowPattern().Match(text);
        var window = match.Success
            ? new GatedWindow(Number(match, 1), Number(match, 2), match.Groups[3].Success ? Number(match, 3) : 1)
            : null;
        return window is { Start: <= 1, End: <= 1 }
            ? window
            : throw new FormatException(
                $"expected entries like '0.2-0.8' or '0-0.2=0.5', with bounds from 0 to 1, got '{text}'. Separate several by commas."
            );
    }

    private static double Number(Match match, int group) =>
        double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([0-9]*\.?[0-9]+)\s*-\s*([0-9]*\.?[0-9]+)(?:\s*=\s*(-?[0-9]*\.?[0-9]+))?$")]
    private static partial Regex WindowPattern();
}
