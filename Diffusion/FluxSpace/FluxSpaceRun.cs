using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Conditions;
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
    private int? _promptsAtOnce;
    private AttentionSite? _lastSite;

    public FluxSpaceRun(FluxSpaceEditor editor, Action<string>? log)
    {
        _log = log;
        _editor = editor;
        _prompts = EditPrompt.Unique(editor.Slots, editor.Slots.Count == 0 ? null : editor.Neutral?.Entries[0]);
        _recorder = editor.Measurement is { } target ? new MeasurementRecorder(editor, target, _prompts) : null;
        _promptsAtOnce = editor.PromptsAtOnce;
    }

    public Tensor Forward(ForwardCall call)
    {
        var rows = new EditRows(call.Step, call.X.Length(0), _editor.Tokens);
        if (rows.IsEmpty || !_editor.Window.Contains(call.Sampling, call.Step.Sigma))
        {
            call.Report();
            return call.Run();
        }
        foreach (var (place, entry) in Prompts())
        {
            EditPromptCheck.Require(_editor.Name, place, entry, call);
        }
        foreach (var (place, _) in Prompts())
        {
            call.Report($"capture {place}");
        }
        using var sites = Capture(call, rows);
        _log?.Invoke(
            $"{_editor.Name}: step {ScheduleStep.Of(call.Step)}, sigma {call.Step.Sigma:0.####}: "
                + $"{_editor.Slots.Count} slots, {_prompts.Count} prompts of their own"
        );
        call.Report(_editor.Slots.Count == 0 ? "record" : "steer");
        var prediction = sites.Steer(call, _recorder);
        RequireSites(sites, call);
        _recorder?.Finish(call);
        return prediction;
    }

    public void Dispose() => _recorder?.Dispose();

    /// <summary>All prompts as they are counted, with what messages and reports call them.</summary>
    private IEnumerable<(string Place, ConditioningEntry Entry)> Prompts()
    {
        var halves = _editor.Slots.SelectMany(slot =>
            slot.Halves.Select(half => ($"{slot.Number}{half.Half}", half.Entry))
        );
        return _editor is { Neutral: { } neutral, Slots.Count: > 0 }
            ? halves.Append(("neutral", neutral.Entries[0]))
            : halves;
    }

    private SiteSums Capture(ForwardCall call, EditRows rows)
    {
        // A prompt of weight 0 moves nothing; only who measures wants to see it. It runs apart, so that what shares a batch,
        // and with it every bit of the result, is the same whether or not someone measures.
        var moving = _prompts.Index().Where(item => item.Item.Weight != 0 || item.Item.IsNeutral).ToArray();
        var watched = _recorder is null ? [] : _prompts.Index().Except(moving).ToArray();
        var atOnce = _promptsAtOnce ??= PairSize;
        var sites = new SiteSums(_editor, rows, keepsCaptures: _recorder is not null) { LastSite = _lastSite };
        try
        {
            foreach (var prompts in moving.Chunk(atOnce).Concat(watched.Chunk(atOnce)))
            {
                sites.Capture(call, prompts);
                RequireSites(sites, call);
            }
            _lastSite = sites.LastSite;
            return sites;
        }
        catch (TensorOutOfMemoryException) when (atOnce > 1)
        {
            // One after the other from here on; what a part of the batch has left is dropped.
            sites.Dispose();
            _promptsAtOnce = 1;
            return Capture(call, rows);
        }
        catch
        {
            sites.Dispose();
            throw;
        }
    }

    private void RequireSites(SiteSums sites, ForwardCall call)
    {
        if (sites.LastSite is null)
        {
            throw new FluxSpaceException(
                $"{_editor.Name}: expected {_editor.Sites.Description}, and {call.Network.GetType().Name} has none of them. "
                    + "Load a Flux model, or switch double_blocks_only off."
            );
        }
    }
}
