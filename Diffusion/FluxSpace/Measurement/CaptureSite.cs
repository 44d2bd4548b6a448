using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace NodeHost.Diffusion.FluxSpace.Measurement;

/// <summary>An attention layer at one step.</summary>
/// <param name="Step">Index of the step in the run's schedule.</param>
/// <param name="Block">Name of the layer, such as <c>single_34</c>.</param>
public sealed record CaptureSite(int Step, string Block)
{
    /// <summary>Reads <c>{"sites": [[6, "single_34"], ...]}</c>.</summary>
    /// <exception cref="FluxSpaceException">It is not of that form.</exception>
    public static IReadOnlyList<CaptureSite> Parse(string json)
    {
        try
        {
            return JObject.Parse(json)["sites"] is JArray { Count: > 0 } sites
                ? [.. sites.Select(Read)]
                : throw Wrong("there is no list \"sites\" with a site in it");
        }
        catch (JsonException error)
        {
            throw Wrong(error.Message);
        }
    }

    private static CaptureSite Read(JToken site) =>
        site is JArray { Count: 2 } pair
        && pair[0].Type == JTokenType.Integer
        && (long)pair[0] is >= 0 and <= int.MaxValue
        && pair[1].Type == JTokenType.String
            ? new CaptureSite((int)pair[0], (string)pair[1]!)
            : throw Wrong($"{site.ToString(Formatting.None)} is no pair of step and block");

    private static FluxSpaceException Wrong(string problem) =>
        new($"expected {{\"sites\": [[6, \"single_34\"], ...]}}; {problem.TrimEnd('.')}.");
}
