using System.Diagnostics.CodeAnalysis;

namespace NodeHost.Graph.Contracts;

/// <summary>One output slot that may hold a value, a blocker, or (with an expansion) a link to an inner node.</summary>
/// <example><c>NodeOutput&lt;(Slot&lt;Image&gt; Image, Slot&lt;Mask&gt; Mask)&gt;</c></example>
[SuppressMessage("Usage", "CA2225", Justification = "Conversion is the only way to make one.")]
[SuppressMessage("Performance", "CA1815", Justification = "Slots are taken apart, never compared.")]
public readonly struct Slot<T> : ISlot
{
    private readonly object? _content;

    private Slot(object? content) => _content = content;

    object? ISlot.Content => _content;

    public static implicit operator Slot<T>(T value) => new(value);

    public static implicit operator Slot<T>(NodeLink link) => new(link);

    public static implicit operator Slot<T>(ExecutionBlocker blocker) => new(blocker);
}

/// <summary>The untyped side of <see cref="Slot{T}"/>.</summary>
internal interface ISlot
{
    object? Content { get; }
}
