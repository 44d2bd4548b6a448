namespace NodeHost.Diffusion.Models;

/// <summary>Something a sampling run has to say that is no error.</summary>
/// <param name="Message">What it says.</param>
/// <param name="NodeId">The node it is about; null: the one that samples.</param>
public sealed record RunWarning(string Message, string? NodeId = null);
