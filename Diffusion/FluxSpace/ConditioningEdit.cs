using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace.Numpy;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>Moves encoded prompts along a direction: <c>seq + strength * seq_delta</c> at every token, likewise the pooled vector.</summary>
public static class ConditioningEdit
{
    private const string SequenceMember = "seq_delta";
    private const string PooledMember = "pooled_delta";

    /// <summary>Every prompt of a conditioning, moved; the deltas come from a file.</summary>
    /// <exception cref="FluxSpaceException">A delta has not the width of what it is added to.</exception>
    public static Conditioning Apply(Conditioning conditioning, string path, double strength)
    {
        ArgumentNullException.ThrowIfNull(conditioning);
        using var archive = NumpyArchive.Open(path);
        using var sequence = archive.Read(SequenceMember).ToTensor();
        using var pooled = archive.Contains(PooledMember) ? archive.Read(PooledMember).ToTensor() : null;
        return conditioning.Select(entry =>
            entry with
            {
                Context = Move(path, SequenceMember, entry.Context, sequence, strength),
                Pooled =
                    entry.Pooled is null || pooled is null
                        ? entry.Pooled
                        : Move(path, PooledMember, entry.Pooled, pooled, strength),
            }
        );
    }

    private static Tensor Move(string path, string member, Tensor value, Tensor delta, double strength)
    {
        var width = value.Length(-1);
        if (delta.ElementCount != width)
        {
            throw new FluxSpaceException(
                $"{path}: {member} has {delta.ElementCount} values, and the prompt's vectors have {width}. "
                    + "The direction comes from other text encoders; choose one made with these."
            );
        }
        using var scope = new TensorScope();
        return scope.Keep(value + delta.Reshape(width).To(value.Device, value.DType) * (double)(float)strength);
    }
}
