namespace NodeHost.Images;

/// <summary>A picture cannot be read or written; the message names it, what was expected, and what helps.</summary>
public sealed class ImageException(string message, Exception? cause = null) : Exception(message, cause);
