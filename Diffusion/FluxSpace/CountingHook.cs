using System.Runtime.CompilerServices;
using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>Changes nothing, and shows at how many layers it was called in each forward pass.</summary>
/// <param name="name">What messages call it: its node.</param>
/// <param name="isVerbose">Whether it does show that.</param>
public sealed class CountingHook(string name, bool isVerbose = false) : IAttentionHook, IPassWatcher
{
    private static readonly EditSites Sites = new();

    private readonly ConditionalWeakTable<ForwardStep, List<string>> _calls = [];

    public Tensor Apply(in AttentionOutput output)
    {
        if (isVerbose && Sites.Includes(output.Site))
        {
            _calls.GetOrCreateValue(output.Step).Add(output.Site.Block);
        }
        return output.Value;
    }

    public void AfterPass(ForwardStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (isVerbose && step.Run?.Info.Log is { } log)
        {
            var calls = _calls.TryGetValue(step, out var blocks) ? blocks : [];
            var kinds = calls.CountBy(block => block).Select(kind => $"{kind.Value} {kind.Key}");
            log($"{name}: sigma {step.Sigma:0.####}: {calls.Count} hook calls ({string.Join(" + ", kinds)})");
        }
    }
}
