using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace.Measurement;

/// <summary>Gathers the statistics of a run's steered steps and writes them to their file after each.</summary>
internal sealed class MeasurementRecorder : IDisposable
{
    private readonly FluxSpaceEditor _editor;
    private readonly MeasurementTarget _target;
    private readonly IReadOnlyList<MeasuredSlot> _slots;
    private readonly SortedDictionary<int, StepMeasurement> _steps = [];
    private readonly FullCapture? _full;
    private StepMeasurement? _current;

    public MeasurementRecorder(FluxSpaceEditor editor, MeasurementTarget target, IReadOnlyList<EditPrompt> prompts)
    {
        _editor = editor;
        _target = target;
        _slots = [.. editor.Slots.Select(slot => MeasuredSlot.Of(slot, prompts, editor.Slots.Count))];
        _full = target.FullPath is null ? null : new FullCapture(target.FullPath, target.FullSites);
    }

    /// <summary>Takes down one layer of the base's pass.</summary>
    /// <param name="site">The layer.</param>
    /// <param name="attention">Its live output before it is steered, edited rows only.</param>
    /// <param name="steered">The same afterwards.</param>
    /// <param name="captured">What a prompt left at this layer.</param>
    /// <param name="neutral">What the neutral prompt left there; null where differences are plain.</param>
    public void Record(
        AttentionSite site,
        Tensor attention,
        Tensor steered,
        Func<int, Tensor> captured,
        Tensor? neutral
    )
    {
        using var scope = new TensorScope();
        _current ??= new StepMeasurement(_editor.Name);
        _current.BeginBlock(site.Name);
        Describe("attn_base", attention, withLargest: true);
        if (_slots.Count == 0)
        {
            return;
        }
        _current.Add("steered_at_scale", SiteStatistics.Mean(steered));
        foreach (var slot in _slots)
        {
            var (a, b) = (captured(slot.A), captured(slot.B));
            var mixed = a * (1 - slot.MixB) + b * slot.MixB;
            // What the scale multiplies.
            var delta = neutral is null ? mixed - attention : NeutralProjection.Remove(mixed, neutral);
            Describe($"delta_mix{slot.Suffix}", delta, withLargest: true);
            Describe($"ab_half_diff{slot.Suffix}", (a - b) / 2, withLargest: false);
            var (deltaA, deltaB) = (a - attention, b - attention);
            _current.Add($"delta_a{slot.Suffix}_fro", SiteStatistics.Norm(deltaA));
            _current.Add($"delta_b{slot.Suffix}_fro", SiteStatistics.Norm(deltaB));
            _current.Add($"cos_ab{slot.Suffix}", SiteStatistics.Cosine(deltaA, deltaB));
            _full?.Add(site.Name, delta);
        }
    }

    /// <summary>Ends a step and writes all that was gathered so far.</summary>
    public void Finish(ForwardCall call)
    {
        if (_current is null)
        {
            return;
        }
        var step = ScheduleStep.Of(call.Step);
        _steps[step] = _current.At(call.Step.Sigma);
        _current = null;
        _full?.Finish(step, call.Step.Sigma);
        if (_target.Path is { } path)
        {
            MeasurementWriter.Write(path, _steps, _editor.Window, _target.IsShort);
        }
    }

    public void Dispose() => _full?.Dispose();

    private void Describe(string member, Tensor value, bool withLargest)
    {
        _current!.Add(member, SiteStatistics.Mean(value));
        _current.Add($"{member}_rms_d", SiteStatistics.RootMeanSquare(value));
        _current.Add($"{member}_fro", SiteStatistics.Norm(value));
        if (withLargest)
        {
            _current.Add($"{member}_max_abs", SiteStatistics.Largest(value));
        }
    }
}
