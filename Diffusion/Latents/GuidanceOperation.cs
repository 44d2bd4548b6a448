using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Latents;

/// <summary>Applies an operation to what guidance amplifies: the difference between the two predictions.</summary>
public sealed class GuidanceOperation(ILatentOperation operation) : IGuidanceHook
{
    public Tensor Apply(in GuidanceStep step)
    {
        if (ReferenceEquals(step.Positive, step.Negative))
        {
            return operation.Apply(step.Positive);
        }
        using var scope = new TensorScope();
        var positive = operation.Apply(step.Positive - step.Negative) + step.Negative;
        return scope.Keep(step.Negative + (positive - step.Negative) * step.Scale);
    }
}
