namespace NodeHost.Graph.Caching;

/// <summary>The names of <see cref="CacheReason"/> as clients see them.</summary>
public static class CacheReasons
{
    public static string WireName(this CacheReason reason) =>
        reason switch
        {
            CacheReason.Cached => "cached",
            CacheReason.FirstTime => "first_time",
            CacheReason.InputChanged => "input_changed",
            CacheReason.UpstreamChanged => "upstream_changed",
            CacheReason.ContentChanged => "content_changed",
            CacheReason.NotComparable => "not_comparable",
            CacheReason.Evicted => "evicted",
            _ => "caching_off",
        };
}
