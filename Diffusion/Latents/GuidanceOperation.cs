using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Latents;

/// <summary>Applies an operation to what guidance amplifies: the difference between the two predictions.</summary>
public sealed class GuidanceOperation(ILatentOperation operation) : IPredictionHook
{
    public (Tensor Positive, Tensor Negative) Apply(in GuidanceStep step)
    {
        if (!step.HasNegative)
        {
            var only = operation.Apply(step.Positive);
            return (only, only);
        }
        return (operation.Apply(step.Positive - step.Negative) + step.Negative, step.Negative);
    }
}
