using System.Globalization;
using NodeHost.Diffusion.Models;

namespace NodeHost.Diffusion.Lora;

/// <summary>A LoRA that is added to the outputs of layers while its gate is open, and never merged into weights.</summary>
/// <param name="File">The adapter.</param>
/// <param name="Strength">Factor of its contribution while the gate is fully open.</param>
/// <param name="Gate">When it applies.</param>
public sealed record GatedLora(LoraFile File, double Strength, LoraGate Gate) : IRunWatcher
{
    /// <summary>What messages call it: its node.</summary>
    public string Name { get; init; } = "Gated LoRA";

    /// <summary>Its node's id, for warnings; null outside a graph.</summary>
    public string? NodeId { get; init; }

    /// <summary>Factors of single blocks; null: all are 1.</summary>
    public BlockStrengths? Blocks { get; init; }

    public void BeforeRun(ForwardRunInfo run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!run.AnyStep(sigma => Gate.IsOpen(run.Sampling, sigma)))
        {
            var windows = Gate.Windows.Select(window =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"[{window.Start}, {window.End}){(window.Strength == 1 ? "" : $" at strength {window.Strength}")}"
                )
            );
            run.Warn?.Invoke(
                new RunWarning(
                    $"{Name}: the gate is open at none of the {run.StepCount} steps ({string.Join(", ", windows.DefaultIfEmpty("no window"))}), so the LoRA "
                        + "does nothing. Widen its window, or use more steps.",
                    NodeId
                )
            );
        }
    }
}
