namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>Chooses the noise levels of a run. A new schedule is one class and its place in <see cref="ScheduleCatalogue"/>.</summary>
public interface ISchedule
{
    /// <summary>Name on the wire.</summary>
    string Name { get; }

    /// <summary>Noise levels in descending order, the last one 0; usually <paramref name="steps"/> + 1 of them.</summary>
    float[] Compute(ModelSampling sampling, int steps);
}
