namespace NodeHost.Diffusion.Lora;

/// <summary>An adapter file cannot be used; the message names the file, the module, expected, given and remedy.</summary>
public sealed class LoraException(string message) : Exception(message);
