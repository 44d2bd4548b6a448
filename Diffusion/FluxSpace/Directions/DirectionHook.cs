using NodeHost.Diffusion.Attention;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace.Directions;

/// <summary>Adds cached directions to attention: <c>attn += scale * direction</c>, at the samples under the positive prompt.</summary>
/// <param name="name">What messages call it: its node.</param>
/// <param name="directions">What is added, and where.</param>
/// <param name="scale">How much of it.</param>
/// <param name="window">When.</param>
public sealed class DirectionHook(string name, DirectionSet directions, double scale, EditWindow window)
    : IAttentionHook,
        ITensorHolder
{
    private const double SigmaTolerance = 1e-4;

    public IEnumerable<Tensor> HeldTensors => directions.HeldTensors;

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
        Check(output, direction, step);
        using var scope = new TensorScope();
        var value = rows.Take(output);
        return scope.Keep(rows.Put(output, value + direction.To(value.Device, value.DType) * scale));
    }

    private void Check(in AttentionOutput output, Tensor direction, int step)
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
        if (
            directions.Sigmas.TryGetValue(step, out var sigma)
            && Math.Abs(sigma - output.Step.SampleSigmas[step]) > SigmaTolerance * Math.Max(1, sigma)
        )
        {
            throw new FluxSpaceException(
                $"{name}: {directions.File} was measured with noise level {sigma:0.####} at step {step}; this run has "
                    + $"{output.Step.SampleSigmas[step]:0.####}. Use the schedule and number of steps of the measurement."
            );
        }
    }
}
