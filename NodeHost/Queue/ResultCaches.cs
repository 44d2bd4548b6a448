using NodeHost.Graph.Caching;
using NodeHost.Graph.Contracts;
using NodeHost.Server;

namespace NodeHost.Queue;

/// <summary>Makes the cache that the options ask for.</summary>
internal static class ResultCaches
{
    private const long MostByDefault = 8L << 30;

    // A long series of one workflow must not fill the memory with results that no prompt will ask for again.
    private const int Patience = 250;

    public static IResultCache Create(CacheOptions options, IValueLifetime lifetime) =>
        options.Mode switch
        {
            CacheMode.Classic => new ClassicCache(lifetime),
            CacheMode.Lru => new LruCache(lifetime, options.Count),
            CacheMode.None => new NoCache(),
            _ => new ByteBudgetCache(lifetime, options.Bytes ?? DefaultBytes(), Patience),
        };

    // An eighth of the machine: the rest is for models and for work in progress.
    private static long DefaultBytes() => Math.Min(MostByDefault, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);
}
