using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>The newest values of a multistep method, carried over the steps' scopes.</summary>
/// <param name="capacity">How many values are kept.</param>
internal sealed class StepHistory(int capacity)
{
    private readonly List<Tensor> _values = [];

    public int Count => _values.Count;

    /// <summary>The value so many pushes ago; 0 = the newest.</summary>
    public Tensor this[int back] => _values[^(back + 1)];

    public void Push(TensorScope scope, Tensor value)
    {
        if (_values.Count == capacity)
        {
            _values[0].Dispose();
            _values.RemoveAt(0);
        }
        _values.Add(scope.Keep(value.Alias()));
    }

    /// <summary>Puts another value in the newest one's place.</summary>
    public void ReplaceNewest(TensorScope scope, Tensor value)
    {
        _values[^1].Dispose();
        _values[^1] = scope.Keep(value.Alias());
    }
}
