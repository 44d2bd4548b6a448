using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>Equal steps in the network's time: <c>normal</c> reaches the lowest level, <c>sgm_uniform</c> stops a step before.</summary>
internal sealed class UniformTimeSchedule(string name, bool keepsLast) : ISchedule
{
    public string Name => name;

    public float[] Compute(ModelSampling sampling, int steps)
    {
        var start = sampling.Timestep(sampling.SigmaMax);
        var end = sampling.Timestep(sampling.SigmaMin);
        var endsAtZero = keepsLast && Math.Abs(sampling.Sigma(end)) <= 1e-5;
        var count = endsAtZero || !keepsLast ? steps + 1 : steps;

        using var scope = new TensorScope();
        var times = Tensor.Linspace(start, end, count).ToArray<float>();
        var used = keepsLast ? times : times[..^1];
        var sigmas = used.Select(time => (float)sampling.Sigma(time));
        return endsAtZero ? [.. sigmas] : [.. sigmas, 0];
    }
}
