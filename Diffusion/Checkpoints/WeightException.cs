namespace NodeHost.Diffusion.Checkpoints;

/// <summary>A checkpoint does not hold what a network needs; the message names file, key, expected, found and remedy.</summary>
public sealed class WeightException(string message) : Exception(message);
