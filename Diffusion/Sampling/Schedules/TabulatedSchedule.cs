namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>Noise levels worked out by others and published as a table; other numbers of steps lie between its entries.</summary>
public static class TabulatedSchedule
{
    /// <summary>The levels of a run by the table of a model; the last one is 0.</summary>
    /// <exception cref="ArgumentException">There is no table for the model.</exception>
    public static float[] Compute(IReadOnlyDictionary<string, double[]> tables, string model, int steps, double denoise)
    {
        ArgumentNullException.ThrowIfNull(tables);
        return tables.TryGetValue(model, out var table)
            ? Compute(table, steps, denoise)
            : throw new ArgumentException(
                $"model_type: expected one of {string.Join(", ", tables.Keys)}, got '{model}'.",
                nameof(model)
            );
    }

    /// <summary>The levels of a run; the last one is 0.</summary>
    /// <param name="table">Published levels from first to last, all above 0.</param>
    /// <param name="steps">Steps of the whole schedule.</param>
    /// <param name="denoise">Share of the steps, from the end, that is kept.</param>
    public static float[] Compute(IReadOnlyList<double> table, int steps, double denoise)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (denoise <= 0)
        {
            return [];
        }
        var kept = denoise < 1 ? (int)Math.Round(steps * denoise, MidpointRounding.ToEven) : steps;
        var levels = table.Count == steps + 1 ? [.. table] : Interpolate(table, steps + 1);
        var sigmas = levels[^(kept + 1)..].Select(level => (float)level).ToArray();
        sigmas[^1] = 0;
        return sigmas;
    }

    /// <summary>Equally spaced readings of a table, linear in the logarithm.</summary>
    /// <remarks>loglinear_interp of https://research.nvidia.com/labs/toronto-ai/AlignYourSteps/howto.html.</remarks>
    private static double[] Interpolate(IReadOnlyList<double> table, int count)
    {
        var levels = new double[count];
        for (var index = 0; index < count; index++)
        {
            var position = (double)index * (table.Count - 1) / (count - 1);
            var below = Math.Min((int)position, table.Count - 2);
            var share = position - below;
            levels[index] = Math.Exp((Math.Log(table[below]) * (1 - share)) + (Math.Log(table[below + 1]) * share));
        }
        return levels;
    }
}
