using System.Runtime.CompilerServices;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>Token ids by the tokens' UTF-8 text. No string is made of them: a vocabulary is read at every start.</summary>
/// <param name="capacity">The bytes of the file it is read from; every token is shorter than its place there.</param>
internal sealed class TokenTable(int capacity)
{
    private readonly byte[] _texts = new byte[capacity];
    private readonly List<Entry> _entries = [];
    private int[] _slots = new int[1 << 17];
    private int _used;

    public int Count => _entries.Count;

    public int HighestId { get; private set; } = -1;

    /// <summary>Room for a token's text; what is written there is kept by <see cref="Add"/>.</summary>
    public Span<byte> Free => _texts.AsSpan(_used);

    public void Add(int length, int id)
    {
        if ((_entries.Count + 1) * 2 > _slots.Length)
        {
            _slots = new int[_slots.Length * 2];
            for (var i = 0; i < _entries.Count; i++)
            {
                _slots[FindSlot(TextOf(_entries[i]))] = i + 1;
            }
        }
        var slot = FindSlot(_texts.AsSpan(_used, length));
        // As in any JSON object, the last of two equal names counts.
        _entries.Add(new Entry(_used, length, id));
        _slots[slot] = _entries.Count;
        _used += length;
        HighestId = Math.Max(HighestId, id);
    }

    public bool TryGetId(ReadOnlySpan<byte> text, out int id)
    {
        var entry = _slots[FindSlot(text)];
        id = entry > 0 ? _entries[entry - 1].Id : -1;
        return entry > 0;
    }

    /// <summary>The slot that holds the text's entry (its index plus one), or the free one where it belongs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindSlot(ReadOnlySpan<byte> text)
    {
        // FNV-1a
        var hash = 2166136261;
        foreach (var value in text)
        {
            hash = (hash ^ value) * 16777619;
        }
        var slot = (int)(hash ^ (hash >> 15)) & (_slots.Length - 1);
        while (_slots[slot] != 0 && !TextOf(_entries[_slots[slot] - 1]).SequenceEqual(text))
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }
        return slot;
    }

    private ReadOnlySpan<byte> TextOf(Entry entry) => _texts.AsSpan(entry.Start, entry.Length);

    private readonly record struct Entry(int Start, int Length, int Id);
}
