namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>Lays groups of tokens (an embedding, or the text between two changes of weight) into chunks.</summary>
internal sealed class ChunkBuilder
{
    /// <summary>A group of this many tokens is cut at a chunk's end; a shorter one moves into the next chunk whole.</summary>
    private const int LongGroup = 8;

    private readonly int? _start;
    private readonly int _end;
    private readonly ChunkLayout _layout;
    private readonly int _capacity;
    private readonly List<PromptToken[]> _chunks = [];
    private readonly List<PromptToken> _chunk = [];

    public ChunkBuilder(int? start, int end, ChunkLayout layout)
    {
        // A chunk has to hold its start and end tokens and any short group, or nothing would ever fit.
        ArgumentOutOfRangeException.ThrowIfLessThan(layout.ChunkLength ?? int.MaxValue, LongGroup + 2);
        (_start, _end, _layout) = (start, end, layout);
        _capacity = (layout.ChunkLength ?? int.MaxValue) - 1;
        Open();
    }

    public void Add(ReadOnlySpan<PromptToken> group)
    {
        var isLong = group.Length >= LongGroup;
        while (group.Length > _capacity - _chunk.Count)
        {
            var room = _capacity - _chunk.Count;
            if (isLong)
            {
                _chunk.AddRange(group[..room]);
                group = group[room..];
            }
            Close();
            Open();
        }
        _chunk.AddRange(group);
    }

    public IReadOnlyList<PromptToken[]> Finish()
    {
        _chunk.Add(new PromptToken(_end));
        Pad(_chunk.Count + _layout.MinPadding);
        Pad(_layout.ChunkLength ?? 0);
        Pad(_layout.MinLength);
        _chunks.Add([.. _chunk]);
        return _chunks;
    }

    private void Open()
    {
        _chunk.Clear();
        if (_start is { } start)
        {
            _chunk.Add(new PromptToken(start));
        }
    }

    private void Close()
    {
        _chunk.Add(new PromptToken(_end));
        Pad(_layout.ChunkLength ?? 0);
        _chunks.Add([.. _chunk]);
    }

    private void Pad(int length)
    {
        while (_chunk.Count < length)
        {
            _chunk.Add(new PromptToken(_layout.PadToken));
        }
    }
}
