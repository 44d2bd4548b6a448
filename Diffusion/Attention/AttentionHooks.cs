using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Attention;

/// <summary>The hooks of one forward pass. Attention layers call <see cref="Apply"/>; a network's Forward knows nothing of it.</summary>
public sealed class AttentionHooks(IReadOnlyList<IAttentionHook> hooks, ForwardStep step)
{
    [ThreadStatic]
    private static AttentionHooks? _current;

    /// <summary>Makes these hooks the ones that attention layers on this thread see, until the returned guard is disposed.</summary>
    public IDisposable Activate()
    {
        var previous = _current;
        _current = this;
        return new Guard(previous);
    }

    /// <summary>Runs the active hooks, if there are any, over the output of the layer at <paramref name="site"/>.</summary>
    public static Tensor Apply(AttentionSite site, Tensor value, Range imageTokens, AttentionInputs? inputs = null) =>
        _current is { } active ? active.Run(site, value, imageTokens, inputs) : value;

    /// <summary>Ends the pass that runs on this thread, if it was cancelled; networks ask between their blocks.</summary>
    public static void ThrowIfCancelled() => _current?.Step.Cancellation.ThrowIfCancellationRequested();

    private ForwardStep Step => step;

    private Tensor Run(AttentionSite site, Tensor value, Range imageTokens, AttentionInputs? inputs)
    {
        foreach (var hook in hooks)
        {
            value = hook.Apply(new AttentionOutput(site, value, imageTokens, Step, inputs));
        }
        return value;
    }

    private sealed class Guard(AttentionHooks? previous) : IDisposable
    {
        public void Dispose() => _current = previous;
    }
}
