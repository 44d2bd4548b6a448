using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>Equal steps in the arc tangent of sigma, the KL-optimal schedule of Align Your Steps, https://arxiv.org/abs/2404.14507.</summary>
internal sealed class KlOptimalSchedule : ISchedule
{
    public string Name => "kl_optimal";

    public float[] Compute(ModelSampling sampling, int steps)
    {
        using var scope = new TensorScope();
        // One step divides 0 by 0: the reference's NaN is kept.
        var share = Tensor.Arange(0, steps) / (steps - 1.0);
        var angles = (share * Math.Atan(sampling.SigmaMin)) + ((1 - share) * Math.Atan(sampling.SigmaMax));
        return [.. angles.Tan().ToArray<float>(), 0];
    }
}
