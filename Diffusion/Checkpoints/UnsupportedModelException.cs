namespace NodeHost.Diffusion.Checkpoints;

/// <summary>A file holds no network that is supported; the message names what it holds instead.</summary>
public sealed class UnsupportedModelException(string message) : Exception(message);
