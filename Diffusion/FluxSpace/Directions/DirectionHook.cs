using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace.Directions;

/// <summary>Adds cached directions to attention: <c>attn += scale * direction</c>, at the samples under the positive prompt.</summary>
/// <param name="name">What messages call it: its node.</param>
/// <param name="directions">What is added, and where.</param>
/// <param name="scale">How much of it.</param>
/// <param name="window">When.</param>
public sealed class DirectionHook(string name, DirectionSet directions, double scale, EditWindow window)
    : IAttentionHook,
        IRunWatcher,
        ITensorHolder
{
    private const double SigmaTolerance = 1e-4;

    /// <summary>Its node's id, for warnings; null outside a graph.</summary>
    public string? NodeId { get; init; }

    public IEnumerable<Tensor> HeldTensors => directions.HeldTensors;

    public void BeforeRun(ForwardRunInfo run)
    {
        ArgumentNullException.ThrowIfNull(run);
        foreach (var step in directions.Sigmas.Keys.Where(step => step < run.StepCount))
        {
            CheckSchedule(step, run.SampleSigmas);
        }
        if (!run.AnyStep(sigma => window.Contains(run.Sampling, sigma)))
        {
            run.Warn?.Invoke(
                new RunWarning(
                    $"{name}: the window [{window.Start}, {window.End}] selects none of the {run.StepCount} steps, so nothing is "
                        + "added. Widen start_percent and end_percent, or use more steps.",
                    NodeId
                )
            );
            return;
        }
        WarnOfSteps(run);
    }

    public Tensor Apply(in AttentionOutput output)
    {
        if (output.Step.Sampling is not { } sampling || !window.Contains(sampling, output.Step.Sigma))
        {
            return output.Value;
        }
        var step = ScheduleStep.Of(output.Step);
        if (directions.Find(step, output.Site.Name) is not { } direction)
        {
            return output.Value;
        }
        var rows = new EditRows(output.Step, output.Value.Length(0), EditTokens.All);
        if (rows.IsEmpty)
        {
            return output.Value;
        }
        Check(output, direction);
        using var scope = new TensorScope();
        var value = rows.Take(output);
        return scope.Keep(rows.Put(output, value + direction.To(value.Device, value.DType) * scale));
    }

    private void Check(in AttentionOutput output, Tensor direction)
    {
        var fits =
            direction.Length(-1) == output.Value.Length(2)
            && (direction.Rank == 1 || direction.Length(0) == output.Value.Length(1));
        if (!fits)
        {
            throw new FluxSpaceException(
                $"{name}: {directions.File} has a direction {direction} for {output.Site.Name}, where attention gives {output.Value}. "
                    + "It comes from another model, or from pictures of another size; measure again with this one."
            );
        }
    }

    private void WarnOfSteps(ForwardRunInfo run)
    {
        int?[] captured = [.. directions.Directions.Keys.Select(key => key.Step).Distinct().Order()];
        var active = run.StepsWhere(sigma => window.Contains(run.Sampling, sigma));
        if (active.Count == 0 || captured.Any(step => step is null || active.Contains(step.Value)))
        {
            return;
        }
        run.Warn?.Invoke(
            new RunWarning(
                $"{name}: {directions.File} has directions for "
                    + (captured.Length == 0 ? "no step" : $"step {string.Join(", ", captured)}")
                    + $", and of the {run.StepCount} steps of this run the window [{window.Start}, {window.End}] selects {active[0]} to "
                    + $"{active[^1]}, so nothing is added. Use as many steps as the measurement had, and a window with its steps.",
                NodeId
            )
        );
    }

    private void CheckSchedule(int step, IReadOnlyList<double> sigmas)
    {
        var measured = directions.Sigmas[step];
        if (Math.Abs(measured - sigmas[step]) > SigmaTolerance * Math.Max(1, measured))
        {
            throw new FluxSpaceException(
                $"{name}: {directions.File} was measured with noise level {measured:0.####} at step {step}; this run has "
                    + $"{sigmas[step]:0.####}. Use the schedule and number of steps of the measurement."
            );
        }
    }
}
