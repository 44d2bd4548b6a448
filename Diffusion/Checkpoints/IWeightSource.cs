using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>Named tensors to build networks from: a mapped file, or shapes alone.</summary>
public interface IWeightSource
{
    /// <summary>What messages call it: the file's name.</summary>
    string Name { get; }

    /// <summary>Every key with its shape and element type.</summary>
    IReadOnlyDictionary<string, WeightInfo> Entries { get; }

    /// <summary>A new handle to one tensor, where the source has it (mapped, or on the meta device).</summary>
    Tensor Read(string key);

    /// <summary>The file's own keys that a tensor is made of: one, unless the source converts another layout.</summary>
    IEnumerable<string> OriginsOf(string key) => [key];

    /// <summary>One tensor's bytes are not needed soon: where they are mapped, they leave the process's memory.</summary>
    void Forget(string key) { }
}
