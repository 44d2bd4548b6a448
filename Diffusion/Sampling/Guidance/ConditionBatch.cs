using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Hooks;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>Conditions that are evaluated in one forward pass, with the network's input for them; kept over the steps of a run.</summary>
internal sealed class ConditionBatch : IDisposable
{
    private const long MaxContextRepeats = 4;

    private readonly List<Tensor> _owned = [];

    /// <param name="conditions">Conditions that <see cref="CanJoin"/> found to fit together, in batch order.</param>
    /// <param name="samples">Batch size of the latent.</param>
    public ConditionBatch(IReadOnlyList<PreparedCondition> conditions, long samples)
    {
        Conditions = conditions;
        using var scope = new TensorScope();
        var inputs = conditions.Select(condition => condition.Input).ToArray();
        var first = inputs[0];
        var length = inputs.Select(input => input.Context.Length(1)).Aggregate(LeastCommonMultiple);
        Input = first with
        {
            Context = Join(inputs.Select(input => RepeatTokens(input.Context, length)), samples),
            Pooled = first.Pooled is null ? null : Join(inputs.Select(input => input.Pooled!), samples),
            Guidance = first.Guidance is null ? null : Join(inputs.Select(input => input.Guidance!), samples),
            Concat = first.Concat is null
                ? null
                : Join(conditions.Select(condition => Crop(condition.Input.Concat!, condition.Area)), samples),
            ReferenceLatents =
            [
                .. first.ReferenceLatents.Select(
                    (_, index) => Join(inputs.Select(input => input.ReferenceLatents[index]), samples)
                ),
            ],
        };
    }

    public IReadOnlyList<PreparedCondition> Conditions { get; }

    public NetworkInput Input { get; }

    /// <summary>Whether two conditions can share a forward pass.</summary>
    public static bool CanJoin(PreparedCondition first, PreparedCondition second, bool repeatsContext)
    {
        var (left, right) = (first.Input, second.Input);
        return SameSize(first.Area, second.Area)
            && HookGroup.AreEqual(first.Hooks, second.Hooks)
            && CanJoinContexts(left.Context, right.Context, repeatsContext)
            && SameShape(left.Pooled, right.Pooled)
            && SameShape(left.Guidance, right.Guidance)
            && SameShape(left.Concat, right.Concat)
            && left.ReferenceMethod == right.ReferenceMethod
            && left.ReferenceLatents.Count == right.ReferenceLatents.Count
            && left.ReferenceLatents.Zip(right.ReferenceLatents).All(pair => SameShape(pair.First, pair.Second));
    }

    public void Dispose()
    {
        foreach (var tensor in _owned)
        {
            tensor.Release();
        }
        _owned.Clear();
    }

    private static bool SameSize(LatentArea? first, LatentArea? second) =>
        (first?.Height, first?.Width) == (second?.Height, second?.Width);

    private static bool SameShape(Tensor? first, Tensor? second) =>
        first is null || second is null ? first == second : first.Shape[1..].SequenceEqual(second.Shape[1..]);

    private static bool CanJoinContexts(Tensor first, Tensor second, bool repeats)
    {
        if (SameShape(first, second))
        {
            return true;
        }
        var (left, right) = (first.Length(1), second.Length(1));
        return repeats
            && first.Length(2) == second.Length(2)
            && LeastCommonMultiple(left, right) / Math.Min(left, right) <= MaxContextRepeats;
    }

    private static long LeastCommonMultiple(long first, long second)
    {
        var (a, b) = (first, second);
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }
        return first / a * second;
    }

    private static Tensor RepeatTokens(Tensor context, long length) =>
        context.Length(1) == length ? context : context.Repeat(1, length / context.Length(1), 1);

    private static Tensor Crop(Tensor concat, LatentArea? area) =>
        area is { } box ? concat.Slice(2, box.Y, box.Y + box.Height).Slice(3, box.X, box.X + box.Width) : concat;

    private Tensor Join(IEnumerable<Tensor> parts, long samples)
    {
        Tensor[] fitted = [.. parts.Select(part => DenoiseMask.RepeatToBatch(part, samples))];
        // A handle of its own, which lives as long as this batch.
        var joined = (fitted.Length == 1 ? fitted[0] : Tensor.Concat(fitted, 0)).Alias().Retain();
        _owned.Add(joined);
        return joined;
    }
}
