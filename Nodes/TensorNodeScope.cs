using NodeHost.Graph.Contracts;
using NodeHost.Tensors;

namespace NodeHost.Nodes;

/// <summary>What surrounds every call into a node: its temporaries are freed, and nothing is recorded for gradients.</summary>
public sealed class TensorNodeScope : INodeScope
{
    public IDisposable Enter() => new Scope();

    private sealed class Scope : IDisposable
    {
        private readonly TensorScope _tensors = new();
        private readonly IDisposable _noGrad = Autograd.NoGrad();

        public void Dispose()
        {
            _noGrad.Dispose();
            _tensors.Dispose();
        }
    }
}
