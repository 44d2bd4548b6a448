namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>A canvas workflow that cannot be converted; the message says where and why.</summary>
public sealed class CanvasException : Exception
{
    public CanvasException() { }

    public CanvasException(string message)
        : base(message) { }

    public CanvasException(string message, Exception innerException)
        : base(message, innerException) { }
}
