using System.Text;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>
/// SentencePiece's unigram model (Kudo, https://arxiv.org/abs/1804.10959): a word becomes the pieces with the highest sum
/// of log-probabilities. Ties and unknown characters as in Hugging Face tokenizers
/// (Apache-2.0: https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/models/unigram/model.rs).
/// </summary>
internal sealed class UnigramModel(PieceTrie pieces, IReadOnlyList<double> scores, int unknown)
{
    private const double UnknownPenalty = 10.0;

    private readonly double _unknownScore = scores.Min() - UnknownPenalty;

    public int Size => scores.Count;

    /// <summary>Adds a word's pieces; neighbouring unknown characters become one unknown piece.</summary>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, bytes);
        var best = new Step[bytes.Length + 1];
        Array.Fill(best, new Step(0, Start: -1, 0));
        for (var start = 0; start < bytes.Length; )
        {
            var length = CharacterLength(bytes[start]);
            var isKnown = false;
            var node = PieceTrie.Root;
            for (var end = start; end < bytes.Length; )
            {
                node = pieces.Child(node, bytes[end++]);
                if (node == PieceTrie.None)
                {
                    break;
                }
                var id = pieces.IdAt(node);
                if (id != PieceTrie.None)
                {
                    isKnown |= end - start == length;
                    Offer(start, end, id, scores[id]);
                }
            }
            if (!isKnown)
            {
                Offer(start, start + length, unknown, _unknownScore);
            }
            start += length;
        }

        var first = ids.Count;
        for (var end = bytes.Length; end > 0; end = best[end].Start)
        {
            var id = best[end].Id;
            if (id != unknown || ids.Count == first || ids[^1] != unknown)
            {
                ids.Add(id);
            }
        }
        ids.Reverse(first, ids.Count - first);

        void Offer(int start, int end, int id, double score)
        {
            var total = best[start].Score + score;
            if (best[end].Start < 0 || total > best[end].Score)
            {
                best[end] = new Step(total, start, id);
            }
        }
    }

    private static int CharacterLength(byte lead) =>
        lead switch
        {
            < 0x80 => 1,
            < 0xE0 => 2,
            < 0xF0 => 3,
            _ => 4,
        };

    /// <summary>The best way to reach a position: its score, where its last piece starts, and that piece.</summary>
    private readonly record struct Step(double Score, int Start, int Id);
}
