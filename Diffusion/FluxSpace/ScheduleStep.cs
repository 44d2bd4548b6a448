using NodeHost.Diffusion.Models;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>The place of a call in its run's schedule.</summary>
public static class ScheduleStep
{
    /// <summary>Index of the call's noise level; a call between two levels belongs to the one before.</summary>
    public static int Of(ForwardStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var index = 0;
        for (var candidate = 0; candidate < step.SampleSigmas.Count; candidate++)
        {
            if (step.SampleSigmas[candidate] >= step.Sigma)
            {
                index = candidate;
            }
        }
        return index;
    }
}
