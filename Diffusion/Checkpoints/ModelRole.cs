namespace NodeHost.Diffusion.Checkpoints;

/// <summary>What a network in a checkpoint is for.</summary>
public enum ModelRole
{
    Diffusion,
    Autoencoder,
    TextEncoder,
    Upscaler,
}
