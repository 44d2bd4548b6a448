using NodeHost.Diffusion.FluxSpace.Measurement;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>An edit during one sampling run.</summary>
internal sealed class FluxSpaceRun : IForwardSession
{
    // Twice the activations of a plain pass: what is free beside the weights wherever guidance runs.
    private const int PairSize = 2;

    private readonly FluxSpaceEditor _editor;
    private readonly IReadOnlyList<EditPrompt> _prompts;
    private readonly MeasurementRecorder? _recorder;
    private readonly Action<string>? _log;

    public FluxSpaceRun(FluxSpaceEditor editor, Action<string>? log)
    {
        _log = log;
        _editor = editor;
        _prompts = EditPrompt.Unique(editor.Slots);
        _recorder = editor.Measurement is { } target ? new MeasurementRecorder(editor, target, _prompts) : null;
    }

    public Tensor Forward(ForwardCall call)
    {
        var rows = new EditRows(call.Step, call.X.Length(0), _editor.Tokens);
        if (rows.IsEmpty || !_editor.Window.Contains(call.Sampling, call.Step.Sigma))
        {
            call.Report();
            return call.Run();
        }
        Check(call);
        ReportCaptures(call);
        using var sites = new SiteSums(_editor, rows, keepsCaptures: _recorder is not null);
        // A prompt of weight 0 moves nothing; only who measures wants to see it.
        var wanted = _prompts.Index().Where(item => item.Item.Weight != 0 || _recorder is not null);
        foreach (var prompts in wanted.Chunk(_editor.PromptsAtOnce ?? (call.X.Device.IsCpu ? 1 : PairSize)))
        {
            sites.Capture(call, prompts);
        }
        _log?.Invoke(
            $"{_editor.Name}: step {ScheduleStep.Of(call.Step)}, sigma {call.Step.Sigma:0.####}: "
                + $"{_editor.Slots.Count} slots, {_prompts.Count} prompts of their own"
        );
        call.Report(_editor.Slots.Count == 0 ? "record" : "steer");
        var prediction = sites.Steer(call, _recorder);
        _recorder?.Finish(call);
        return prediction;
    }

    public void Dispose() => _recorder?.Dispose();

    private void ReportCaptures(ForwardCall call)
    {
        foreach (var slot in _editor.Slots)
        {
            foreach (var (half, _, _) in slot.Halves)
            {
                call.Report($"capture {slot.Number}{half}");
            }
        }
    }

    private void Check(ForwardCall call)
    {
        if (_editor.Sites.Missing(call.Network) is { } missing)
        {
            throw new FluxSpaceException($"{_editor.Name}: {missing}.");
        }
        var expected = call.Input.Context;
        foreach (var slot in _editor.Slots)
        {
            foreach (var (half, entry, _) in slot.Halves)
            {
                var given = entry.Context;
                if (given.Length(2) != expected.Length(2))
                {
                    throw new FluxSpaceException(
                        $"{_editor.Name}: the edit prompt {slot.Number}{half} was encoded with {given.Length(2)} values for "
                            + $"each token, the base prompt with {expected.Length(2)}. Encode both with the model's own text encoders."
                    );
                }
                var fits =
                    given.Length(1) == expected.Length(1)
                    || (call.Network.AllowsRepeatedContext && expected.Length(1) % given.Length(1) == 0);
                if (!fits)
                {
                    throw new FluxSpaceException(
                        $"{_editor.Name}: the edit prompt {slot.Number}{half} is {given.Length(1)} tokens long, the base prompt "
                            + $"{expected.Length(1)}; attention can only be mixed between texts of one length. "
                            + "Shorten the longer one (texts of up to 256 T5 tokens are all padded to 256)."
                    );
                }
            }
        }
    }
}
