namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>All schedules by name, in ComfyUI's order.</summary>
public static class ScheduleCatalogue
{
    public static IReadOnlyList<ISchedule> All { get; } =
    [
        new SimpleSchedule(),
        new UniformTimeSchedule("sgm_uniform", keepsLast: false),
        new KarrasSchedule(),
        new ExponentialSchedule(),
        new DdimUniformSchedule(),
        new BetaSchedule(),
        new UniformTimeSchedule("normal", keepsLast: true),
        new LinearQuadraticSchedule(),
        new KlOptimalSchedule(),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(schedule => schedule.Name)];

    public static ISchedule Get(string name) =>
        All.FirstOrDefault(schedule => schedule.Name == name)
        ?? throw new ArgumentException(
            $"scheduler: expected one of {string.Join(", ", Names)}, got '{name}'. Choose a listed one.",
            nameof(name)
        );

    /// <summary>
    /// The noise levels of a run: a denoise below 1 makes a longer schedule and keeps its end; samplers that step over the
    /// last but one level get one step more, without that level.
    /// </summary>
    public static float[] Compute(
        ISchedule schedule,
        ModelSampling sampling,
        int steps,
        double denoise = 1,
        bool dropsPenultimate = false
    )
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (denoise > 0.9999)
        {
            return Full(schedule, sampling, steps, dropsPenultimate);
        }
        if (denoise <= 0)
        {
            return [];
        }
        var sigmas = Full(schedule, sampling, (int)(steps / denoise), dropsPenultimate);
        return sigmas[Math.Max(0, sigmas.Length - (steps + 1))..];
    }

    private static float[] Full(ISchedule schedule, ModelSampling sampling, int steps, bool dropsPenultimate)
    {
        if (!dropsPenultimate)
        {
            return schedule.Compute(sampling, steps);
        }
        var sigmas = schedule.Compute(sampling, steps + 1);
        return [.. sigmas[..Math.Max(0, sigmas.Length - 2)], sigmas[^1]];
    }
}
