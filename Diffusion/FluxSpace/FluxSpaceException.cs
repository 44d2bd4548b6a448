namespace NodeHost.Diffusion.FluxSpace;

/// <summary>An edit that cannot be made with this model, these prompts or this file.</summary>
public sealed class FluxSpaceException(string message, Exception? inner = null) : Exception(message, inner);
