using System.Collections;
using NodeHost.Graph.Contracts;
using NodeHost.Tensors;

namespace NodeHost.Nodes;

/// <summary>Counts the holders of the tensors inside values that travel between nodes.</summary>
public sealed class TensorLifetime : IValueLifetime
{
    public void Retain(object value)
    {
        foreach (var tensor in TensorsOf(value))
        {
            tensor.Retain();
        }
    }

    public void Release(object value)
    {
        foreach (var tensor in TensorsOf(value))
        {
            tensor.Release();
        }
    }

    public long Bytes(object value) =>
        TensorsOf(value).Distinct().Sum(tensor => tensor.IsDisposed ? 0 : tensor.ByteCount);

    private static IEnumerable<Tensor> TensorsOf(object? value) =>
        value switch
        {
            Tensor tensor => [tensor],
            ITensorHolder holder => holder.HeldTensors,
            string => [],
            IEnumerable items => items.Cast<object?>().SelectMany(TensorsOf),
            _ => [],
        };
}
