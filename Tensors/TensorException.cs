namespace NodeHost.Tensors;

/// <summary>An operator failed; the message reads <c>[op] problem; arguments</c> with the argument shapes.</summary>
public class TensorException : Exception
{
    public TensorException(string operation, string problem, string arguments)
        : base(arguments.Length == 0 ? $"[{operation}] {problem}" : $"[{operation}] {problem}; arguments: {arguments}")
    {
        Operation = operation;
        Problem = problem;
    }

    /// <summary>Name of the operator, e.g. <c>aten::add.Tensor</c>.</summary>
    public string Operation { get; }

    /// <summary>What libtorch said, without the operator and its arguments.</summary>
    public string Problem { get; }

    internal static TensorException FromNative(bool outOfMemory, string operation, string problem, string arguments)
    {
        var firstLine = problem.Split('\n', 2)[0].TrimEnd();
        return outOfMemory
            ? new TensorOutOfMemoryException(operation, firstLine, arguments)
            : new TensorException(operation, firstLine, arguments);
    }
}
