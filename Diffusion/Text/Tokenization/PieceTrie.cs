namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>Pieces of a vocabulary by their UTF-8 bytes; its edges lie in one open hash table.</summary>
internal sealed class PieceTrie
{
    public const int Root = 0;
    public const int None = -1;

    private const uint Spread = 0x9E3779B1;

    private ulong[] _edges = new ulong[1 << 17];
    private int _edgeCount;
    private readonly List<int> _ids = [None];

    public void Add(ReadOnlySpan<byte> piece, int id)
    {
        var node = Root;
        foreach (var value in piece)
        {
            var child = Child(node, value);
            if (child == None)
            {
                child = _ids.Count;
                _ids.Add(None);
                Connect(node, value, child);
            }
            node = child;
        }
        _ids[node] = id;
    }

    /// <summary>The piece that ends at a node, or <see cref="None"/>.</summary>
    public int IdAt(int node) => _ids[node];

    /// <summary>The node one byte on, or <see cref="None"/>.</summary>
    public int Child(int node, byte value)
    {
        var key = Key(node, value);
        for (var slot = Slot(key); ; slot = (slot + 1) & (_edges.Length - 1))
        {
            var edge = _edges[slot];
            if (edge == 0)
            {
                return None;
            }
            if ((uint)(edge >> 32) == key)
            {
                return (int)(uint)edge;
            }
        }
    }

    // An edge is (node and byte, child); no child is the root, so a taken slot is never 0.
    private static uint Key(int node, byte value) => ((uint)node << 8) | value;

    private int Slot(uint key) => (int)((key * Spread) >> 15) & (_edges.Length - 1);

    private void Connect(int node, byte value, int child)
    {
        if (++_edgeCount * 2 > _edges.Length)
        {
            var edges = _edges;
            _edges = new ulong[edges.Length * 2];
            foreach (var edge in edges)
            {
                if (edge != 0)
                {
                    Place(edge);
                }
            }
        }
        Place(((ulong)Key(node, value) << 32) | (uint)child);
    }

    private void Place(ulong edge)
    {
        var slot = Slot((uint)(edge >> 32));
        while (_edges[slot] != 0)
        {
            slot = (slot + 1) & (_edges.Length - 1);
        }
        _edges[slot] = edge;
    }
}
