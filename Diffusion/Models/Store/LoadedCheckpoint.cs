using NodeHost.Diffusion.Text;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>Handles on what a checkpoint file holds; null where it lacks a part.</summary>
public sealed record LoadedCheckpoint(DiffusionModel? Model, Clip? Clip, Vae? Vae);
