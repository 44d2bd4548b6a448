using NodeHost.Tensors.Native;

namespace NodeHost.Tensors;

/// <summary>Grad mode of the current thread, and gradients as values.</summary>
public static class Autograd
{
    public static bool IsEnabled => TorchLibrary.GetGradEnabled() != 0;

    /// <summary>Nothing is recorded until the returned guard is disposed, on the same thread.</summary>
    public static IDisposable NoGrad() => new ModeGuard(enabled: false);

    /// <summary>Recording is on until the returned guard is disposed, on the same thread.</summary>
    public static IDisposable EnableGrad() => new ModeGuard(enabled: true);

    /// <summary>Gradients of <paramref name="output"/> with respect to inputs; null where it does not depend on one.</summary>
    public static Tensor?[] Gradients(
        Tensor output,
        IReadOnlyList<Tensor> inputs,
        Tensor? gradient = null,
        bool retainGraph = false,
        bool createGraph = false
    )
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(inputs);
        var handles = inputs.Select(input => input.Handle).ToArray();
        var results = NativeTensor.AutogradGrad(
            output.Handle,
            gradient?.Handle ?? 0,
            handles,
            retainGraph,
            createGraph
        );
        return [.. results.Select(handle => handle == 0 ? null : Tensor.Own(handle))];
    }

    private sealed class ModeGuard : IDisposable
    {
        private readonly bool _previous;

        public ModeGuard(bool enabled)
        {
            _previous = IsEnabled;
            TorchLibrary.SetGradEnabled(enabled ? 1 : 0);
        }

        public void Dispose() => TorchLibrary.SetGradEnabled(_previous ? 1 : 0);
    }
}
