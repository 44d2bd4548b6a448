namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>Entries of the model's table at equal distances, from the end.</summary>
internal sealed class SimpleSchedule : ISchedule
{
    public string Name => "simple";

    public float[] Compute(ModelSampling sampling, int steps)
    {
        var table = sampling.Sigmas;
        var distance = table.Count / (double)steps;
        var sigmas = new float[steps + 1];
        for (var step = 0; step < steps; step++)
        {
            sigmas[step] = table[table.Count - 1 - (int)(step * distance)];
        }
        return sigmas;
    }
}
