namespace NodeHost.Nodes.Files;

/// <summary>A file or folder is missing, or lies where it must not; the message says what was expected and what helps.</summary>
public sealed class PathException(string message, Exception? cause = null) : Exception(message, cause);
