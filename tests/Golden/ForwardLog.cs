using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;

namespace NodeHost.Golden;

/// <summary>Writes forward passes down as <c>forwards.json</c> does.</summary>
internal sealed class ForwardLog : IForwardObserver
{
    private const double TimeTolerance = 1e-6;

    private readonly List<ForwardRecord> _forwards = [];

    public void Observe(ForwardRecord forward) => _forwards.Add(forward);

    public void Clear() => _forwards.Clear();

    /// <summary>The first way in which the passes are not the recorded ones; null when they are.</summary>
    public string? DifferenceTo(JToken recorded)
    {
        var expected = (JArray)recorded["forwards"]!;
        foreach (var (index, (wanted, given)) in expected.Zip(_forwards).Index())
        {
            if (Describe(wanted) != Describe(given) || TimeDiffers((double)wanted["t"]!, given.Timestep))
            {
                return $"forward {index}: expected {Describe(wanted)} at {wanted["t"]}, got {Describe(given)} at {given.Timestep}";
            }
        }
        return expected.Count == _forwards.Count ? null : $"expected {expected.Count} forwards, got {_forwards.Count}";
    }

    private static bool TimeDiffers(double expected, double actual) =>
        Math.Abs(expected - actual) > TimeTolerance * Math.Max(1, Math.Abs(expected));

    private static string Describe(JToken wanted) =>
        $"{wanted["model"]}, {wanted["rows"]} rows, {wanted["mode"]}, gates [{string.Join(", ", wanted["gates"]!)}]";

    private static string Describe(ForwardRecord given) =>
        $"{(given.Network is FluxModel ? "flux" : "unet")}, {given.Rows} rows, {given.Mode}, "
        + $"gates [{string.Join(", ", given.Gates.Select(gate => gate ? 1 : 0))}]";
}
