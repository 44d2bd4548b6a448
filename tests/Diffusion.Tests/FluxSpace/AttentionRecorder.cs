using NodeHost.Diffusion.Attention;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.FluxSpace;

/// <summary>Keeps what attention layers give, and changes nothing.</summary>
/// <param name="layer">Name of the layers; null for all.</param>
internal sealed class AttentionRecorder(string? layer = null) : IAttentionHook, IDisposable
{
    public List<Tensor> Taken { get; } = [];

    public Tensor Apply(in AttentionOutput output)
    {
        if (layer is null || output.Site.Layer == layer)
        {
            Taken.Add(output.Value.Clone().Retain());
        }
        return output.Value;
    }

    public void Dispose()
    {
        foreach (var tensor in Taken)
        {
            tensor.Dispose();
        }
    }
}
