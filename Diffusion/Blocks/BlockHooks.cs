using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Blocks;

/// <summary>The block hooks of one forward pass. Networks call these between their blocks and know nothing of what is done.</summary>
/// <param name="hooks">In the order they run.</param>
/// <param name="step">Where in the run the pass stands.</param>
/// <param name="height">Height of the latent.</param>
/// <param name="width">Width of the latent.</param>
public sealed class BlockHooks(IReadOnlyList<IBlockHook> hooks, ForwardStep step, long height, long width)
{
    [ThreadStatic]
    private static BlockHooks? _current;

    private readonly ISkippingHook[] _skipping = [.. hooks.OfType<ISkippingHook>()];
    private readonly IFeatureHook[] _features = [.. hooks.OfType<IFeatureHook>()];
    private readonly IAttentionLayerHook[] _layers = [.. hooks.OfType<IAttentionLayerHook>()];

    /// <summary>Makes these hooks the ones that blocks on this thread see, until the returned guard is disposed.</summary>
    public IDisposable Activate()
    {
        var previous = _current;
        _current = this;
        return new Guard(previous);
    }

    /// <summary>Runs a transformer block over the parts of the batch that no hook leaves out.</summary>
    public static Tensor Run(AttentionSite site, Tensor x, Func<Tensor, Tensor> block) =>
        _current?.Skipped(site) is { } skipped
            ? skipped.All(part => part)
                ? x.Alias()
                : Mix(skipped, x, block(x))
            : block(x);

    /// <summary>As <see cref="Run(AttentionSite, Tensor, Func{Tensor, Tensor})"/>, for a block over two sequences.</summary>
    public static (Tensor First, Tensor Second) Run(
        AttentionSite site,
        (Tensor First, Tensor Second) pair,
        Func<(Tensor, Tensor), (Tensor First, Tensor Second)> block
    )
    {
        if (_current?.Skipped(site) is not { } skipped)
        {
            return block(pair);
        }
        if (skipped.All(part => part))
        {
            return (pair.First.Alias(), pair.Second.Alias());
        }
        var output = block(pair);
        return (Mix(skipped, pair.First, output.First), Mix(skipped, pair.Second, output.Second));
    }

    /// <summary>Runs an attention layer as the hooks want it.</summary>
    public static Tensor Attend(AttentionSite site, Tensor x, Tensor? context, Func<Tensor, Tensor?, Tensor> attend) =>
        _current is { _layers.Length: > 0 } active ? active.Around(site, x, context, attend, 0) : attend(x, context);

    /// <inheritdoc cref="IFeatureHook.OnInput"/>
    public static Tensor OnInput(AttentionSite site, long modelChannels, Tensor hidden)
    {
        foreach (var hook in _current?._features ?? [])
        {
            hidden = hook.OnInput(new FeatureCall(site, modelChannels, _current!.Step), hidden);
        }
        return hidden;
    }

    /// <inheritdoc cref="IFeatureHook.BehindSkip"/>
    public static Tensor BehindSkip(AttentionSite site, long modelChannels, Tensor hidden)
    {
        foreach (var hook in _current?._features ?? [])
        {
            hidden = hook.BehindSkip(new FeatureCall(site, modelChannels, _current!.Step), hidden);
        }
        return hidden;
    }

    /// <inheritdoc cref="IFeatureHook.OnJoin"/>
    public static (Tensor Hidden, Tensor Skip) OnJoin(
        AttentionSite site,
        long modelChannels,
        Tensor hidden,
        Tensor skip
    )
    {
        foreach (var hook in _current?._features ?? [])
        {
            (hidden, skip) = hook.OnJoin(new FeatureCall(site, modelChannels, _current!.Step), hidden, skip);
        }
        return (hidden, skip);
    }

    private ForwardStep Step => step;

    private Tensor Around(
        AttentionSite site,
        Tensor x,
        Tensor? context,
        Func<Tensor, Tensor?, Tensor> attend,
        int first
    ) =>
        first == _layers.Length
            ? attend(x, context)
            : _layers[first]
                .Attend(
                    new AttentionLayerCall(site, x, context, height, width, step),
                    (tokens, text) => Around(site, tokens, text, attend, first + 1)
                );

    /// <summary>For each part of the batch whether a block is left out; null where it runs for all.</summary>
    private bool[]? Skipped(AttentionSite site)
    {
        if (_skipping.Length == 0)
        {
            return null;
        }
        IEnumerable<int> parts = step.ConditioningParts.Count == 0 ? [0] : step.ConditioningParts;
        bool[] skipped = [.. parts.Select(part => _skipping.Any(hook => hook.Skips(site, part, step)))];
        return skipped.Contains(true) ? skipped : null;
    }

    private static Tensor Mix(bool[] skipped, Tensor input, Tensor output)
    {
        var rows = input.Length(0) / skipped.Length;
        var parts = skipped.Select((skips, part) => (skips ? input : output).Slice(0, part * rows, (part + 1) * rows));
        return Tensor.Concat([.. parts], 0);
    }

    private sealed class Guard(BlockHooks? previous) : IDisposable
    {
        public void Dispose() => _current = previous;
    }
}
