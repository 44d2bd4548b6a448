using NodeHost.Tensors;

namespace NodeHost.Tests.Tensors.Safetensors;

internal static class TensorUse
{
    /// <summary>Reads a value from a tensor that is freed right after.</summary>
    public static T Use<T>(this Tensor tensor, Func<Tensor, T> read)
    {
        using (tensor)
        {
            return read(tensor);
        }
    }
}
