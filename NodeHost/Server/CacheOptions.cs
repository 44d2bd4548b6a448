namespace NodeHost.Server;

/// <summary>Which results of nodes are kept between prompts.</summary>
internal sealed record CacheOptions
{
    public CacheMode Mode { get; init; }

    /// <summary>Results kept with <see cref="CacheMode.Lru"/>.</summary>
    public int Count { get; init; }

    /// <summary>Bytes kept with <see cref="CacheMode.Bytes"/>; null leaves it to the server.</summary>
    public long? Bytes { get; init; }
}

/// <summary>How results are given up: by bytes (the default), or in one of ComfyUI's ways.</summary>
internal enum CacheMode
{
    Bytes,
    Classic,
    Lru,
    None,
}
