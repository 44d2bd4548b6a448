namespace NodeHost.Tensors.Safetensors;

/// <summary>A file is not a sound safetensors file, or does not hold what was asked of it.</summary>
public sealed class SafetensorsException : Exception
{
    /// <param name="path">The file.</param>
    /// <param name="problem">Where in the file, expected, given and remedy.</param>
    public SafetensorsException(string path, string problem, Exception? inner = null)
        : base($"{path}: {problem}", inner)
    {
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; }
}
