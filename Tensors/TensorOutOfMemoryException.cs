namespace NodeHost.Tensors;

/// <summary>Memory for a tensor could not be had: an outcome callers handle (free, retry), not a bug.</summary>
public sealed class TensorOutOfMemoryException : TensorException
{
    internal TensorOutOfMemoryException(string operation, string problem, string arguments)
        : base(operation, problem, arguments) { }
}
