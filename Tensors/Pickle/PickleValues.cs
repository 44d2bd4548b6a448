using System.Collections.Immutable;

namespace NodeHost.Tensors.Pickle;

// What the pickle machine's stack holds beside null, bool, long, double, string and byte[].

/// <summary>A Python list.</summary>
internal sealed class PickleList
{
    public List<object?> Items { get; } = [];
}

/// <summary>A Python tuple; immutable, so it cannot hold itself directly.</summary>
internal sealed record PickleTuple(ImmutableArray<object?> Items)
{
    public static PickleTuple Empty { get; } = new([]);
}

/// <summary>A Python dictionary, of which only what stands under text is kept.</summary>
internal sealed class PickleDictionary
{
    public Dictionary<string, object?> Items { get; } = new(StringComparer.Ordinal);

    public void Set(object? key, object? value)
    {
        if (key is string text)
        {
            Items[text] = value;
        }
    }
}

/// <summary>Something that may stand in a checkpoint and is of no use here: a set, a type, a training callback.</summary>
internal sealed class PickleInert
{
    public static PickleInert Instance { get; } = new();
}
