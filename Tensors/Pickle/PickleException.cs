namespace NodeHost.Tensors.Pickle;

/// <summary>A pickled file is refused or damaged, or does not hold what was asked of it. Nothing in it has run.</summary>
public sealed class PickleException : Exception
{
    /// <param name="path">The file.</param>
    /// <param name="refusal">The kind of reason.</param>
    /// <param name="problem">Where in the file, expected, given and remedy.</param>
    public PickleException(string path, PickleRefusal refusal, string problem)
        : base($"{path}: {problem}")
    {
        Path = path;
        Refusal = refusal;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    public PickleRefusal Refusal { get; }
}
