using System.Diagnostics.CodeAnalysis;

namespace NodeHost.Graph.Contracts;

/// <summary>The answer of a node's own validation: accepted, or refused with or without words.</summary>
[SuppressMessage("Usage", "CA2225", Justification = "Accepted, Refused and Because are the named alternatives.")]
public sealed record ValidationVerdict(bool IsAccepted, string? Reason)
{
    public static ValidationVerdict Accepted { get; } = new(true, null);

    public static ValidationVerdict Refused { get; } = new(false, null);

    public static ValidationVerdict Because(string reason) => new(false, reason);

    public static implicit operator ValidationVerdict(bool accepted) => accepted ? Accepted : Refused;

    public static implicit operator ValidationVerdict(string reason) => Because(reason);
}
