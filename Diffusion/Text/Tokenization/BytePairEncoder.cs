using System.Text;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>
/// Splits a word into vocabulary tokens by byte-pair encoding (Sennrich et al., https://arxiv.org/abs/1508.07909):
/// the pair with the lowest rank is merged at all its places from left to right, until no pair is left.
/// </summary>
/// <remarks>Pairs wait in a queue by (rank, place), so a word of n bytes takes O(n log n).</remarks>
internal sealed class BytePairEncoder(ClipVocabulary vocabulary)
{
    private const int Gone = -1;

    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, bytes);
        var symbols = new int[bytes.Length];
        var next = new int[bytes.Length];
        var previous = new int[bytes.Length];
        var queue = new PriorityQueue<int, long>();
        for (var i = 0; i < bytes.Length; i++)
        {
            symbols[i] = vocabulary.ByteToken(bytes[i], i == bytes.Length - 1);
            next[i] = i + 1;
            previous[i] = i - 1;
        }
        for (var i = 0; i < bytes.Length - 1; i++)
        {
            Enqueue(i);
        }

        List<int> changed = [];
        while (queue.TryPeek(out _, out var first))
        {
            // All places of one pair first: what a merge makes possible waits even if its rank is lower.
            var rank = Rank(first);
            changed.Clear();
            while (queue.TryPeek(out var place, out var priority) && Rank(priority) == rank)
            {
                queue.Dequeue();
                if (!TryMerge(place, out var merge) || merge.Rank != rank)
                {
                    continue;
                }
                var right = next[place];
                symbols[place] = merge.Id;
                symbols[right] = Gone;
                next[place] = next[right];
                if (next[place] < symbols.Length)
                {
                    previous[next[place]] = place;
                }
                changed.Add(place);
            }
            foreach (var place in changed)
            {
                Enqueue(previous[place]);
                Enqueue(place);
            }
        }

        foreach (var symbol in symbols)
        {
            if (symbol != Gone)
            {
                ids.Add(symbol);
            }
        }

        void Enqueue(int place)
        {
            if (place >= 0 && TryMerge(place, out var merge))
            {
                queue.Enqueue(place, ((long)merge.Rank << 32) | (uint)place);
            }
        }

        bool TryMerge(int place, out Merge merge)
        {
            merge = default;
            return symbols[place] != Gone
                && next[place] < symbols.Length
                && vocabulary.TryGetMerge(symbols[place], symbols[next[place]], out merge);
        }

        static int Rank(long priority) => (int)(priority >> 32);
    }
}
