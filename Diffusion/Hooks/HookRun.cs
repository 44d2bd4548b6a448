using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Models;

namespace NodeHost.Diffusion.Hooks;

/// <summary>The hooks of a run's conditionings: each goes along its keyframes.</summary>
internal sealed class HookRun(ForwardRunInfo info)
{
    private readonly Dictionary<WeightHook, HookKeyframeCursor> _cursors = [];

    /// <summary>LoRAs of a group that apply now and can be added beside the layers.</summary>
    public IEnumerable<(LoraFile File, double Strength)> LowRank(HookGroup? group, double sigma) =>
        Active(group, sigma)
            .Where(hook => hook.Hook.Adapter is LoraFile { MergedOnly: null })
            .Select(hook => ((LoraFile)hook.Hook.Adapter, hook.Strength));

    /// <summary>Other adapters of a group that apply now; they have to be merged.</summary>
    public IReadOnlyList<WeightPatch> Merged(HookGroup? group, double sigma) =>
        [
            .. Active(group, sigma)
                .Where(hook => hook.Hook.Adapter is not LoraFile { MergedOnly: null })
                .Select(hook => new WeightPatch(hook.Hook.Adapter, hook.Strength)),
        ];

    private IEnumerable<(WeightHook Hook, double Strength)> Active(HookGroup? group, double sigma) =>
        (group?.Hooks ?? [])
            .Select(hook => (hook, hook.StrengthModel * Cursor(hook).StrengthAt(sigma)))
            .Where(active => active.Item2 != 0);

    private HookKeyframeCursor Cursor(WeightHook hook)
    {
        if (!_cursors.TryGetValue(hook, out var cursor))
        {
            var first = info.SampleSigmas.Count > 0 ? info.SampleSigmas.Max() : double.PositiveInfinity;
            _cursors[hook] = cursor = new HookKeyframeCursor(hook.Keyframes, info.Sampling, first);
        }
        return cursor;
    }
}
