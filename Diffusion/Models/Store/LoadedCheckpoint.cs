using NodeHost.Diffusion.Text;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>Handles on what a checkpoint file holds; null where it lacks a part.</summary>
/// <param name="Model">Its diffusion model.</param>
/// <param name="Clip">Its text encoders.</param>
/// <param name="Vae">Its autoencoder.</param>
/// <param name="Warning">What the user should know about the file, e.g. keys that nothing uses.</param>
public sealed record LoadedCheckpoint(DiffusionModel Model, Clip? Clip, Vae? Vae, string? Warning);
