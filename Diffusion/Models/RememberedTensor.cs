using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models;

/// <summary>A tensor that outlives the step it was made in.</summary>
public sealed class RememberedTensor : IDisposable
{
    public Tensor? Value { get; private set; }

    /// <summary>Remembers another tensor in this one's place; null forgets.</summary>
    public void Set(Tensor? value)
    {
        // A handle of its own, and before the old one goes: they may be the same memory.
        var next = value?.Alias().Retain();
        Value?.Release();
        Value = next;
    }

    public void Dispose() => Set(null);
}
