using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>A prompt of one or several slots; equal prompts are one, and run once.</summary>
/// <param name="Entry">The encoded text.</param>
/// <param name="Weight">What it adds to the running sum: over its slots, scale times share.</param>
/// <param name="IsNeutral">Whether its attention is what the sum is projected away from.</param>
internal sealed record EditPrompt(ConditioningEntry Entry, double Weight, bool IsNeutral = false)
{
    /// <summary>The prompts of all slots and the neutral one, in the order in which they first occur.</summary>
    public static IReadOnlyList<EditPrompt> Unique(IEnumerable<EditSlot> slots, ConditioningEntry? neutral = null)
    {
        var prompts = new List<EditPrompt>();
        foreach (var (_, entry, weight) in slots.SelectMany(Weighted))
        {
            Add(entry, weight, isNeutral: false);
        }
        if (neutral is not null)
        {
            Add(neutral, 0, isNeutral: true);
        }
        return prompts;

        void Add(ConditioningEntry entry, double weight, bool isNeutral)
        {
            var known = prompts.FindIndex(prompt => AreEqual(prompt.Entry, entry));
            if (known < 0)
            {
                prompts.Add(new EditPrompt(entry, weight, isNeutral));
                return;
            }
            var former = prompts[known];
            prompts[known] = former with { Weight = former.Weight + weight, IsNeutral = former.IsNeutral || isNeutral };
        }

        static IEnumerable<(char, ConditioningEntry Entry, double Weight)> Weighted(EditSlot slot) =>
            slot.Halves.Select(half => (half.Half, half.Entry, slot.Scale * half.Share));
    }

    /// <summary>Whether two prompts say the same to the network.</summary>
    public static bool AreEqual(ConditioningEntry first, ConditioningEntry second) =>
        AreEqual(first.Context, second.Context) && AreEqual(first.Pooled, second.Pooled);

    /// <summary>The base's input with this prompt in the place of its text; all else is the base's: guidance, sizes.</summary>
    public NetworkInput Replace(ForwardCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var input = call.Input;
        return input with
        {
            Context = Fit(Entry.Context, input.Context, input.Context.Length(1)),
            Pooled =
                input.Pooled is { } pooled && Entry.Pooled is { } own
                    ? FitPooled(own, pooled, call.SizesWidth)
                    : input.Pooled,
        };
    }

    private static Tensor Fit(Tensor context, Tensor replaced, long tokens)
    {
        var own = context.To(replaced.Device, replaced.DType);
        var repeats = tokens / own.Length(1);
        return DenoiseMask.RepeatToBatch(repeats == 1 ? own : own.Repeat(1, repeats, 1), replaced.Length(0));
    }

    private static Tensor FitPooled(Tensor pooled, Tensor replaced, long sizesWidth)
    {
        var own = DenoiseMask.RepeatToBatch(pooled.To(replaced.Device, replaced.DType), replaced.Length(0));
        return sizesWidth == 0 ? own : Tensor.Concat([own, replaced.Slice(1, own.Length(1), replaced.Length(1))], 1);
    }

    private static bool AreEqual(Tensor? first, Tensor? second) =>
        ReferenceEquals(first, second)
        || (
            first is not null
            && second is not null
            && first.DType == second.DType
            && first.Device == second.Device
            && first.Shape.SequenceEqual(second.Shape)
            && first.IsEqualTo(second)
        );
}
