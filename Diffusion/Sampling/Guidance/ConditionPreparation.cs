using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>Fits the conditionings of a guider to a run: areas, masks, noise levels, and what the network is given.</summary>
internal sealed class ConditionPreparation(DiffusionModel model, IDiffusionNetwork network, SamplingCanvas canvas)
{
    private const double DefaultGuidance = 3.5;

    /// <summary>Pixels along each side of a latent element, as networks that are told sizes count them.</summary>
    private const int PixelsPerElement = 8;

    private int _count;

    /// <param name="conditionings">The conditionings, by slot.</param>
    /// <param name="negativeSlot">The slot that guidance leads away from.</param>
    public IReadOnlyList<IReadOnlyList<PreparedCondition>> Prepare(
        IReadOnlyList<Conditioning> conditionings,
        int negativeSlot
    )
    {
        List<PreparedCondition>[] slots =
        [
            .. conditionings.Select(
                (conditioning, slot) =>
                    conditioning.Entries.Select(entry => Prepare(entry, slot == negativeSlot)).ToList()
            ),
        ];
        foreach (var slot in slots)
        {
            foreach (var other in slots.Where(other => other != slot))
            {
                // A copy of the list: counterparts added to the other slot may not ask for counterparts here again.
                foreach (var condition in slot.ToArray())
                {
                    AddCounterpart(other, condition);
                }
            }
        }
        return slots;
    }

    /// <summary>
    /// Gives an area a counterpart in another slot: the smallest condition there that covers it, cut down to it, so that
    /// guidance compares like with like.
    /// </summary>
    private void AddCounterpart(List<PreparedCondition> others, PreparedCondition condition)
    {
        if (condition.Area is not { } area)
        {
            return;
        }
        PreparedCondition? smallest = null;
        foreach (var other in others.Where(other => other.Area is not { } covering || area.IsWithin(covering)))
        {
            if (
                smallest is null
                || (other.Area is { } size && (smallest.Area is not { } best || Size(best) > Size(size)))
            )
            {
                smallest = other;
            }
        }
        if (smallest is not null && smallest.Area != area)
        {
            others.Add(condition with { Number = _count++, Input = smallest.Input });
        }
    }

    private static long Size(LatentArea area) => area.Height * area.Width;

    private PreparedCondition Prepare(ConditioningEntry entry, bool isNegative)
    {
        var mask = entry.Mask is null ? null : FitMask(entry.Mask);
        return new PreparedCondition
        {
            Number = _count++,
            Input = Input(entry, isNegative),
            Area = mask is not null && entry.SetAreaToBounds ? Bounds(mask) : Resolve(entry.Area),
            Strength = entry.Strength,
            Mask = mask,
            MaskStrength = entry.MaskStrength,
            StartSigma = Latest(entry.StartPercent, entry.ClipStartPercent) is { } start
                ? model.Sampling.PercentToSigma(start)
                : double.PositiveInfinity,
            EndSigma = Earliest(entry.EndPercent, entry.ClipEndPercent) is { } end
                ? model.Sampling.PercentToSigma(end)
                : double.NegativeInfinity,
            Hooks = entry.Hooks,
            IsDefault = entry.IsDefault,
        };
    }

    private LatentArea? Resolve(ConditioningArea? given)
    {
        var area = given?.Resolve(canvas.Height, canvas.Width);
        return area?.On(canvas.Height, canvas.Width) is { } seen && (seen.Height <= 0 || seen.Width <= 0)
            ? throw new ArgumentException(
                $"Conditioning: the area at x = {area.Value.X * PixelsPerElement}, y = {area.Value.Y * PixelsPerElement} lies outside the picture "
                    + $"of {canvas.Width * PixelsPerElement}x{canvas.Height * PixelsPerElement}. Move it inside, or make the latent larger."
            )
            : area;
    }

    private static double? Latest(double? first, double? second) => first > second || second is null ? first : second;

    private static double? Earliest(double? first, double? second) => first < second || second is null ? first : second;

    private NetworkInput Input(ConditioningEntry entry, bool isNegative)
    {
        var place = network.Place;
        var references = entry.ReferenceLatents.Select(latent =>
            place.Take(model.LatentFormat.ProcessIn(latent.To(canvas.Device)))
        );
        var input = new NetworkInput
        {
            Context = place.Take(entry.Context),
            Pooled = Pooled(entry, isNegative) is { } pooled ? place.Take(pooled) : null,
            Guidance = entry.WithholdsGuidance
                ? null
                : place.Take(Tensor.From([(float)(entry.Guidance ?? DefaultGuidance)], 1)),
            Concat = ImageConditioning.Prepare(entry, network, canvas) is { } concat ? place.Take(concat) : null,
            ReferenceLatents = [.. references],
        };
        return entry.ReferenceMethod is { } method ? input with { ReferenceMethod = method } : input;
    }

    private Tensor? Pooled(ConditioningEntry entry, bool isNegative) =>
        model.Sizes?.Vector(
            entry,
            canvas.Height * PixelsPerElement,
            canvas.Width * PixelsPerElement,
            isNegative,
            canvas.Device
        ) ?? entry.Pooled;

    private Tensor FitMask(Tensor mask)
    {
        var fitted = mask.Reshape(-1, 1, mask.Length(-2), mask.Length(-1)).To(canvas.Device);
        if (mask.Length(-2) != canvas.Height || mask.Length(-1) != canvas.Width)
        {
            fitted = Functional.Interpolate(fitted, canvas.Height, canvas.Width, InterpolationMode.Bilinear);
        }
        return fitted.Squeeze(1);
    }

    /// <summary>The box around everything that is not 0, at least 8x8; 8x8 in the corner for an empty mask.</summary>
    private static LatentArea Bounds(Tensor mask)
    {
        const long Smallest = 8;
        var (height, width) = (mask.Length(1), mask.Length(2));
        var weights = mask.Abs().Max([0]).ToArray<float>();
        var (top, left, bottom, right) = (height, width, -1L, -1L);
        for (var index = 0; index < weights.Length; index++)
        {
            if (weights[index] != 0)
            {
                var (row, column) = (index / width, index % width);
                (top, bottom) = (Math.Min(top, row), Math.Max(bottom, row));
                (left, right) = (Math.Min(left, column), Math.Max(right, column));
            }
        }
        return bottom < 0
            ? new LatentArea(Smallest, Smallest, 0, 0)
            : new LatentArea(Math.Max(Smallest, bottom - top + 1), Math.Max(Smallest, right - left + 1), top, left);
    }
}
