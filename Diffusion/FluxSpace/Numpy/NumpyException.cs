namespace NodeHost.Diffusion.FluxSpace.Numpy;

/// <summary>A numpy file that is damaged, hostile, or holds what NodeHost does not read.</summary>
public sealed class NumpyException(string message, Exception? inner = null) : Exception(message, inner);
