using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>One forward pass of a model, from a noisy latent to the denoised one.</summary>
public static class NetworkDenoiser
{
    /// <summary>The denoised latent; every sample is at the same noise level.</summary>
    public static Tensor Denoise(
        DiffusionModel model,
        IDiffusionNetwork network,
        Tensor x,
        float sigma,
        NetworkInput input,
        ForwardStep step
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(x);
        using var scope = new TensorScope();
        var level = Tensor.FromScalar((double)sigma, device: x.Device);
        var timesteps = Tensor.Full([x.Length(0)], model.Sampling.Timestep(sigma), device: x.Device);
        return scope.Keep(Run(model, network, x, level, timesteps, input, step));
    }

    /// <summary>The denoised latent with a noise level [B] for each sample.</summary>
    public static Tensor Denoise(
        DiffusionModel model,
        IDiffusionNetwork network,
        Tensor x,
        Tensor sigmas,
        NetworkInput input,
        ForwardStep step
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(sigmas);
        using var scope = new TensorScope();
        var times = sigmas.ToArray<float>().Select(sigma => (float)model.Sampling.Timestep(sigma)).ToArray();
        var timesteps = Tensor.From(times, times.Length).To(sigmas.Device);
        return scope.Keep(Run(model, network, x, sigmas, timesteps, input, step));
    }

    private static Tensor Run(
        DiffusionModel model,
        IDiffusionNetwork network,
        Tensor x,
        Tensor sigma,
        Tensor timesteps,
        NetworkInput input,
        ForwardStep step
    )
    {
        step.Cancellation.ThrowIfCancellationRequested();
        using var own = step.Run is null
            ? new ForwardRun(model, new ForwardRunInfo { Sampling = model.Sampling })
            : null;
        var run = step.Run ?? own!;
        var scaled = model.Sampling.CalculateInput(x, sigma).To(network.Place.DType);
        var call = new ForwardCall(
            model,
            run.NetworkFor(step, network),
            scaled,
            timesteps,
            input,
            step with
            {
                Sampling = model.Sampling,
            }
        );
        var output = run.Forward(call);
        return model.Sampling.CalculateDenoised(x, output.To(x.DType), sigma);
    }
}
