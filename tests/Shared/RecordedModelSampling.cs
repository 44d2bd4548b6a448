using System.Globalization;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;

namespace NodeHost.Tests.Shared;

/// <summary>The model samplings that golden cases name.</summary>
internal static class RecordedModelSampling
{
    public static ModelSampling Of(string name) =>
        name switch
        {
            "sd15_eps" or "eps" => new DiscreteModelSampling(new EpsPrediction()),
            "vpred" or "sd15_vpred" => new DiscreteModelSampling(new VelocityPrediction()),
            "vpred_zsnr" => DiscreteModelSampling.WithZeroTerminalSnr(new VelocityPrediction()),
            "flow" => new DiscreteFlowModelSampling(3),
            _ when Number(name, "sd3_shift") is { } shift => new DiscreteFlowModelSampling(shift),
            _ when Number(name, "schnell_shift") is { } shift => new DiscreteFlowModelSampling(shift, 1),
            _ when Number(name, "flux_shift") is { } shift => new FluxModelSampling(shift),
            _ when name.StartsWith("flux_node_", StringComparison.Ordinal) => ForSize(name["flux_node_".Length..]),
            _ => throw new ArgumentException($"golden model '{name}' is not known to the tests"),
        };

    private static FluxModelSampling ForSize(string size)
    {
        var sides = size.Split('x');
        return new FluxModelSampling(
            FluxModelSampling.ShiftFor(
                1.15,
                0.5,
                int.Parse(sides[0], CultureInfo.InvariantCulture),
                int.Parse(sides[1], CultureInfo.InvariantCulture)
            )
        );
    }

    private static double? Number(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal)
        && double.TryParse(name[prefix.Length..], CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
