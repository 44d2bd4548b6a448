using NodeHost.Diffusion.Hooks;
using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Reuse;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models;

/// <summary>
/// What lasts as long as one sampling run with a model: its wrapper's session, the keyframes of conditionings' hooks, and
/// LoRAs that are added beside the layers.
/// </summary>
internal sealed class ForwardRun : IDisposable
{
    private readonly DiffusionModel _model;
    private readonly IForwardSession? _session;
    private readonly LoadedLoras _loras;
    private readonly HookRun _hooks;
    private readonly PredictionReuse? _reuse;

    public ForwardRun(DiffusionModel model, ForwardRunInfo info)
    {
        (_model, Info) = (model, info);
        foreach (var watcher in model.AttentionHooks.OfType<IRunWatcher>().Concat(model.GatedLoras))
        {
            watcher.BeforeRun(info);
        }
        _loras = new LoadedLoras(model.Source.Targets);
        _hooks = new HookRun(info);
        _session = model.Wrapper?.Begin(info);
        _reuse = model.Reuse is { Level: ReuseLevel.Network } settings ? new(settings, info) : null;
    }

    public ForwardRunInfo Info { get; }

    /// <summary>What hooks remember during the run.</summary>
    public RunMemory Memory { get; } = new();

    /// <summary>The network for a pass: another one where its conditioning has adapters that have to be merged.</summary>
    public IDiffusionNetwork NetworkFor(ForwardStep step, IDiffusionNetwork network)
    {
        var merged = _hooks.Merged(step.Hooks, step.Sigma);
        return merged.Count == 0 ? network : _model.Source.Load([.. _model.Patches, .. merged]);
    }

    /// <summary>The network's prediction, as the model's wrapper wants it.</summary>
    public Tensor Forward(ForwardCall call)
    {
        var sigma = call.Step.Sigma;
        IEnumerable<ActiveLora> active =
        [
            .. _model.GatedLoras.Select(lora => new ActiveLora(
                lora.File,
                lora.Blocks,
                lora.Strength * lora.Gate.StrengthAt(call.Sampling, sigma)
            )
            {
                Name = lora.Name,
            }),
            .. _hooks.LowRank(call.Step.Hooks, sigma).Select(hook => new ActiveLora(hook.File, null, hook.Strength)),
        ];
        using var updates = _loras.Activate(active, call.X.Device);
        return _reuse is null || call.Step.IsExtra
            ? Compute(call)
            : _reuse.Predict(call.Step.Key, call.X, sigma, () => [Compute(call)])[0];
    }

    private Tensor Compute(ForwardCall call)
    {
        if (_session is not null)
        {
            return _session.Forward(call);
        }
        call.Report();
        return call.Run();
    }

    public void Dispose()
    {
        _session?.Dispose();
        _reuse?.Dispose();
        Memory.Dispose();
        _loras.Dispose();
    }
}
