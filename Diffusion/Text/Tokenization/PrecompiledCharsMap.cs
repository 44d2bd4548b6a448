using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>
/// SentencePiece's compiled character map: a Darts double array (https://github.com/s-yata/darts-clone) from UTF-8
/// to an offset into NUL-terminated replacements. Applied as Hugging Face tokenizers does (Apache-2.0:
/// https://github.com/huggingface/tokenizers/blob/main/tokenizers/src/normalizers/precompiled.rs): a grapheme cluster under
/// six bytes is replaced as a whole by what its shortest known prefix maps to, else each of its characters by itself.
/// </summary>
internal sealed class PrecompiledCharsMap
{
    private const int LongCluster = 6;

    private readonly uint[] _units;
    private readonly byte[] _replacements;

    public PrecompiledCharsMap(byte[] map)
    {
        var size = map.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(map) : 0;
        if (size == 0 || size % 4 != 0 || size > map.Length - 4)
        {
            throw new FormatException(
                $"precompiled_charsmap: a double array of {size} bytes does not fit into {map.Length} bytes"
            );
        }
        _units = new uint[size / 4];
        for (var i = 0; i < _units.Length; i++)
        {
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(map.AsSpan(4 + (4 * i)));
        }
        _replacements = map[(4 + (int)size)..];
    }

    public string Normalize(string text)
    {
        var result = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var cluster = rest[..StringInfo.GetNextTextElementLength(rest)];
            rest = rest[cluster.Length..];
            if (Encoding.UTF8.GetByteCount(cluster) < LongCluster && TryReplace(cluster, result))
            {
                continue;
            }
            while (cluster.Length > 0)
            {
                Rune.DecodeFromUtf16(cluster, out _, out var length);
                if (!TryReplace(cluster[..length], result))
                {
                    result.Append(cluster[..length]);
                }
                cluster = cluster[length..];
            }
        }
        return result.ToString();
    }

    private bool TryReplace(ReadOnlySpan<char> characters, StringBuilder result)
    {
        Span<byte> key = stackalloc byte[LongCluster];
        var length = Encoding.UTF8.GetBytes(characters, key);
        if (!TryFindShortestPrefix(key[..length], out var offset))
        {
            return false;
        }
        var replacement = _replacements.AsSpan(Math.Min(offset, _replacements.Length));
        var end = replacement.IndexOf((byte)0);
        result.Append(Encoding.UTF8.GetString(end < 0 ? replacement : replacement[..end]));
        return true;
    }

    private bool TryFindShortestPrefix(ReadOnlySpan<byte> key, out int value)
    {
        value = 0;
        var position = Offset(_units[0]);
        foreach (var next in key)
        {
            position ^= next;
            if (next == 0 || position >= _units.Length)
            {
                return false;
            }
            var unit = _units[position];
            // The label of a unit: its byte, and the top bit for leaves, which no byte equals.
            if ((unit & 0x800000FF) != next)
            {
                return false;
            }
            position ^= Offset(unit);
            var isLeaf = ((unit >> 8) & 1) == 1;
            if (isLeaf && position < _units.Length)
            {
                value = (int)(_units[position] & 0x7FFFFFFF);
                return true;
            }
        }
        return false;
    }

    private static int Offset(uint unit) => (int)((unit >> 10) << (int)((unit & (1 << 9)) >> 6));
}
