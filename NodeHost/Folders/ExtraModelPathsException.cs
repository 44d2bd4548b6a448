namespace NodeHost.Folders;

/// <summary>An <c>extra_model_paths.yaml</c> cannot be used; the message names the file and the line.</summary>
internal sealed class ExtraModelPathsException(string message) : Exception(message);
