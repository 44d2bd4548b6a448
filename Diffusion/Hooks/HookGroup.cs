namespace NodeHost.Diffusion.Hooks;

/// <summary>The value of a HOOKS socket.</summary>
/// <param name="Hooks">The hooks, in order.</param>
public sealed record HookGroup(IReadOnlyList<WeightHook> Hooks)
{
    public static readonly HookGroup Empty = new([]);

    /// <summary>The hooks of both, each once; null where neither has any.</summary>
    public static HookGroup? Combine(HookGroup? first, HookGroup? second) =>
        (first, second) switch
        {
            (null, _) => second,
            (_, null) => first,
            _ => new HookGroup([.. first.Hooks.Union(second.Hooks)]),
        };

    /// <summary>All hooks with these keyframes.</summary>
    public HookGroup WithKeyframes(HookKeyframes? keyframes) =>
        new([.. Hooks.Select(hook => hook with { Keyframes = keyframes })]);

    /// <summary>Whether two conditionings with these hooks can share a forward pass.</summary>
    public static bool AreEqual(HookGroup? first, HookGroup? second) =>
        ReferenceEquals(first, second) || (first ?? Empty).Hooks.SequenceEqual((second ?? Empty).Hooks);
}
