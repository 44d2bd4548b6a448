using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models;

/// <summary>A denoising network with its weights at hand.</summary>
public interface IDiffusionNetwork
{
    /// <summary>Channels of the latent it denoises (4 for SD1.5, 16 for Flux), without concatenated ones.</summary>
    int LatentChannels { get; }

    /// <summary>Channels of the network's input; more than <see cref="LatentChannels"/> for inpainting models.</summary>
    int InputChannels { get; }

    /// <summary>Where the weights are and the latents have to be, and the type that the inputs have to have.</summary>
    ComputePlace Place => ComputePlace.Cpu;

    /// <summary>The device of <see cref="Place"/>.</summary>
    Device Device => Place.Device;

    /// <summary>
    /// Whether repeating the text's tokens changes nothing, as in cross-attention; contexts of different length then share
    /// a batch.
    /// </summary>
    bool AllowsRepeatedContext => false;

    /// <summary>Predicts noise, velocity or flow: what the parameterisation turns into a denoised latent.</summary>
    /// <param name="x">Scaled noisy latent [B, C, H, W].</param>
    /// <param name="timesteps">Time as the network takes it [B] (an index for SD1.5, sigma for Flux).</param>
    /// <param name="input">Conditioning of the same batch size.</param>
    Tensor Forward(Tensor x, Tensor timesteps, NetworkInput input);
}
