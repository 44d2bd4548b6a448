namespace NodeHost.Graph.Validation;

/// <summary>A problem at which ComfyUI's own validation raises an exception: its type and text, and what to do about it.</summary>
internal sealed record ReferenceFault(string ExceptionType, string Message, string Explanation);
