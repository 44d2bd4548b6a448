using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Hooks;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Hooks;

/// <summary>What the "set properties" nodes put on prompts: hooks, where they apply, and when.</summary>
/// <param name="Strength">Weight inside the mask.</param>
/// <param name="Area">Whether the network sees the box around the mask only.</param>
/// <param name="Mask">Where; null: everywhere.</param>
/// <param name="Hooks">Hooks, added to those the prompt carries; null: none.</param>
/// <param name="Timesteps">When; null: as before.</param>
internal sealed record ConditionProperties(
    double Strength,
    string Area,
    Mask? Mask,
    HookGroup? Hooks,
    TimestepsRange? Timesteps
)
{
    public Conditioning ApplyTo(Conditioning conditioning) => conditioning.Select(ApplyTo);

    public static Conditioning Join(Conditioning first, Conditioning second) =>
        new([.. first.Entries, .. second.Entries]);

    /// <summary>A prompt for what others leave uncovered.</summary>
    public static Conditioning Default(Conditioning conditioning, HookGroup? hooks) =>
        conditioning.Select(entry => entry with { Hooks = HookGroup.Combine(entry.Hooks, hooks), IsDefault = true });

    private ConditioningEntry ApplyTo(ConditioningEntry entry)
    {
        var changed = entry with { Hooks = HookGroup.Combine(entry.Hooks, Hooks) };
        if (Mask is { } mask)
        {
            changed = changed with
            {
                Mask = Batched(mask.Values),
                MaskStrength = Strength,
                SetAreaToBounds = Area != HookNode.DefaultArea,
            };
        }
        return Timesteps is { } range ? changed with { StartPercent = range.Start, EndPercent = range.End } : changed;
    }

    private static Tensor Batched(Tensor mask) => mask.Rank < 3 ? mask.Unsqueeze(0) : mask;
}
