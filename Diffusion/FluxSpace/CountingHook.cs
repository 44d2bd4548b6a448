using System.Runtime.CompilerServices;
using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>Changes nothing, and shows at how many layers it was called in each forward pass.</summary>
/// <param name="isVerbose">Whether it does show that.</param>
public sealed class CountingHook(bool isVerbose = false) : IAttentionHook
{
    private static readonly EditSites Sites = new();

    private readonly ConditionalWeakTable<ForwardStep, StrongBox<int>> _calls = [];

    public Tensor Apply(in AttentionOutput output)
    {
        if (isVerbose && output.Step.Run?.Info.Log is { } log)
        {
            var calls = ++_calls.GetOrCreateValue(output.Step).Value;
            if (Sites.IsLast(output.Site))
            {
                log($"sigma {output.Step.Sigma:0.####}: {calls} hook calls, the last at {output.Site.Name}");
            }
        }
        return output.Value;
    }
}
