using System.Runtime.CompilerServices;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>What two neighbouring symbols become, and how early: the lowest rank in a word is merged first.</summary>
internal readonly record struct Merge(int Rank, int Id);

/// <summary>The merges of a byte-pair encoding by the pair they join.</summary>
internal sealed class MergeTable
{
    private const ulong Spread = 0x9E3779B97F4A7C15;

    private readonly ulong[] _pairs;
    private readonly Merge[] _merges;
    private readonly int _shift;

    public MergeTable(int count)
    {
        var bits = 2;
        while (1 << bits < count * 2)
        {
            bits++;
        }
        (_pairs, _merges, _shift) = (new ulong[1 << bits], new Merge[1 << bits], 64 - bits);
    }

    public void Add(int left, int right, Merge merge)
    {
        var pair = Pair(left, right);
        var slot = FindSlot(pair);
        _pairs[slot] = pair;
        _merges[slot] = merge;
    }

    public bool TryGet(int left, int right, out Merge merge)
    {
        var slot = FindSlot(Pair(left, right));
        merge = _merges[slot];
        return _pairs[slot] != 0;
    }

    // One more than the left id, so that no pair is 0, which marks a free slot.
    private static ulong Pair(int left, int right) => ((ulong)(uint)(left + 1) << 32) | (uint)right;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindSlot(ulong pair)
    {
        var slot = (int)((pair * Spread) >> _shift);
        while (_pairs[slot] != 0 && _pairs[slot] != pair)
        {
            slot = (slot + 1) & (_pairs.Length - 1);
        }
        return slot;
    }
}
