namespace NodeHost.Tensors.Gguf;

/// <summary>A GGUF file is damaged, or of a kind that is not read; the message names the file, what was expected and what it has.</summary>
public sealed class GgufException(string path, string problem) : Exception($"{path}: {problem}")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;
}
