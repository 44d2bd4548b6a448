namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>Changes to a list of noise levels.</summary>
public static class SigmaRange
{
    /// <summary>Puts levels between neighbours, so that each step of the range becomes several.</summary>
    /// <param name="sigmas">The levels.</param>
    /// <param name="steps">Steps that one becomes.</param>
    /// <param name="highest">Highest level that a step to split may start from; negative = any.</param>
    /// <param name="lowest">Lowest level that a step to split may start from.</param>
    /// <param name="spacing"><c>linear</c>, <c>cosine</c> or <c>sine</c>.</param>
    public static float[] Extend(IReadOnlyList<float> sigmas, int steps, double highest, double lowest, string spacing)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        var limit = highest < 0 ? double.PositiveInfinity : highest;
        var extended = new List<float>();
        for (var index = 0; index < sigmas.Count; index++)
        {
            var sigma = sigmas[index];
            extended.Add(sigma);
            if (index + 1 < sigmas.Count && sigma >= lowest && sigma <= limit)
            {
                var distance = sigmas[index + 1] - sigma;
                for (var step = 1; step < steps; step++)
                {
                    extended.Add(((float)Share(step / (double)steps, spacing) * distance) + sigma);
                }
            }
        }
        return [.. extended];
    }

    private static double Share(double position, string spacing) =>
        spacing switch
        {
            "cosine" => Math.Sin(position * Math.PI / 2),
            "sine" => 1 - Math.Cos(position * Math.PI / 2),
            _ => position,
        };
}
