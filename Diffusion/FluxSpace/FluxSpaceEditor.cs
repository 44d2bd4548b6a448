using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace.Measurement;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>
/// Edits inside attention, "FluxSpace: Disentangled Semantic Editing in Rectified Flow Transformers", Dalva et al. 2024,
/// in the plain form <c>attn + sum_i s_i (m_i - attn)</c>: at every step of the window each prompt of each slot runs
/// unedited beside the base, and the base, edited block by block, is steered towards what was seen there.
/// </summary>
public sealed record FluxSpaceEditor : IForwardWrapper, ITensorHolder
{
    /// <summary>What messages call the edit: its node.</summary>
    public required string Name { get; init; }

    /// <summary>Its node's id, for warnings; null outside a graph.</summary>
    public string? NodeId { get; init; }

    /// <summary>The edits, each with a scale that is not 0; none where only the base is measured.</summary>
    public IReadOnlyList<EditSlot> Slots { get; init; } = [];

    public EditWindow Window { get; init; } = EditWindow.Whole;

    public EditSites Sites { get; init; } = new();

    public EditTokens Tokens { get; init; }

    /// <summary>Prompt whose attention is projected out of the edits', as in the paper; null for plain differences.</summary>
    public Conditioning? Neutral { get; init; }

    /// <summary>Whether the passes of each step are shown.</summary>
    public bool Verbose { get; init; }

    /// <summary>How many prompts share one pass; null: two while memory allows.</summary>
    public int? PromptsAtOnce { get; init; }

    /// <summary>Where measurements go; null where nothing is measured.</summary>
    public MeasurementTarget? Measurement { get; init; }

    /// <summary>Where among the model's hooks the edit acts.</summary>
    internal AttentionHookPlace Place { get; init; } = new();

    public IEnumerable<Tensor> HeldTensors =>
        Slots.SelectMany(slot => slot.HeldTensors).Concat(Neutral?.HeldTensors ?? []);

    /// <summary>The model with this edit, in the place of any other.</summary>
    public DiffusionModel ApplyTo(DiffusionModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model with { Wrapper = this, AttentionHooks = [.. model.AttentionHooks, Place] };
    }

    public IForwardSession Begin(ForwardRunInfo run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!run.AnyStep(sigma => Window.Contains(run.Sampling, sigma)))
        {
            run.Warn?.Invoke(
                new RunWarning(
                    $"{Name}: the window [{Window.Start}, {Window.End}] selects none of the {run.StepCount} steps, so "
                        + "nothing is edited. Widen start_percent and end_percent, or use more steps.",
                    NodeId
                )
            );
        }
        WarnOfLostSites(run);
        return new FluxSpaceRun(this, Verbose ? run.Log : null);
    }

    private void WarnOfLostSites(ForwardRunInfo run)
    {
        var active = run.StepsWhere(sigma => Window.Contains(run.Sampling, sigma));
        var lost = Measurement?.FullSites.Where(site => !active.Contains(site.Step)).ToArray() ?? [];
        if (lost.Length > 0 && active.Count > 0)
        {
            run.Warn?.Invoke(
                new RunWarning(
                    $"{Name}: full_capture_sites_json names {lost[0].Block} at step {lost[0].Step}, and of the {run.StepCount} steps the "
                        + $"edit acts at {active[0]} to {active[^1]}; {lost.Length} of {Measurement!.FullSites.Count} sites are not "
                        + "captured. Name steps of the window, counted from 0.",
                    NodeId
                )
            );
        }
    }
}
