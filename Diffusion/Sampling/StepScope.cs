using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>Carries values from one step's <see cref="TensorScope"/> to the next.</summary>
internal static class StepScope
{
    /// <summary>Puts a value into a variable that outlives the step, and frees what the variable held.</summary>
    public static void Carry(this TensorScope scope, ref Tensor? held, Tensor value)
    {
        // Each variable owns a handle of its own, so that one value may be carried in several.
        var kept = scope.Keep(value.Alias());
        held?.Dispose();
        held = kept;
    }
}
