namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>DDIM's uniform times, https://arxiv.org/abs/2010.02502: every n-th entry of the model's table.</summary>
internal sealed class DdimUniformSchedule : ISchedule
{
    public string Name => "ddim_uniform";

    public float[] Compute(ModelSampling sampling, int steps)
    {
        var table = sampling.Sigmas;
        var endsAtZero = Math.Abs(table[1]) <= 1e-5;
        var distance = Math.Max(table.Count / (endsAtZero ? steps + 1 : steps), 1);
        var sigmas = new List<float>();
        for (var index = 1; index < table.Count; index += distance)
        {
            sigmas.Add(table[index]);
        }
        sigmas.Reverse();
        if (!endsAtZero)
        {
            sigmas.Add(0);
        }
        return [.. sigmas];
    }
}
