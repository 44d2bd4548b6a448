using System.Buffers.Binary;
using System.Text;

namespace NodeHost.Tests.Diffusion.Text.Tokenization;

/// <summary>Writes a precompiled character map as SentencePiece does: a Darts double array, then the replacements.</summary>
internal static class CharsMapBuilder
{
    public static byte[] Build(params (string From, string To)[] entries)
    {
        var replacements = new List<byte>();
        var children = new List<SortedDictionary<byte, int>> { new() };
        var values = new Dictionary<int, int>();
        foreach (var (from, to) in entries)
        {
            var node = 0;
            foreach (var value in Encoding.UTF8.GetBytes(from))
            {
                if (!children[node].TryGetValue(value, out var child))
                {
                    children[node][value] = child = children.Count;
                    children.Add([]);
                }
                node = child;
            }
            values[node] = replacements.Count;
            replacements.AddRange([.. Encoding.UTF8.GetBytes(to), 0]);
        }

        // Each node has 256 units of its own, so no two nodes' children can meet.
        var units = new uint[256 * (children.Count + 1)];
        var places = new int[children.Count];
        units[0] = 256 << 10;
        for (var node = 0; node < children.Count; node++)
        {
            var ownBase = 256 * (node + 1);
            foreach (var (value, child) in children[node])
            {
                var place = places[child] = ownBase ^ value;
                var childBase = 256 * (child + 1);
                units[place] = value | ((uint)(place ^ childBase) << 10) | (values.ContainsKey(child) ? 1u << 8 : 0);
                if (values.TryGetValue(child, out var offset))
                {
                    units[childBase] = 0x80000000 | (uint)offset;
                }
            }
        }

        var map = new byte[4 + (units.Length * 4)];
        BinaryPrimitives.WriteInt32LittleEndian(map, units.Length * 4);
        for (var i = 0; i < units.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(map.AsSpan(4 + (4 * i)), units[i]);
        }
        return [.. map, .. replacements];
    }
}
