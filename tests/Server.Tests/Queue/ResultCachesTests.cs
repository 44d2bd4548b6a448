using NodeHost.Graph.Caching;
using NodeHost.Graph.Execution;
using NodeHost.Queue;
using NodeHost.Server;

namespace NodeHost.Tests.Server.Queue;

public sealed class ResultCachesTests
{
    [Fact]
    public void Create_EachMode_GivesTheCacheOfThatName()
    {
        Assert.IsType<ByteBudgetCache>(Of(CacheMode.Bytes));
        Assert.IsType<ClassicCache>(Of(CacheMode.Classic));
        Assert.IsType<LruCache>(Of(CacheMode.Lru));
        Assert.IsType<NoCache>(Of(CacheMode.None));

        static IResultCache Of(CacheMode mode) =>
            ResultCaches.Create(new() { Mode = mode, Count = 3 }, new ExecutorOptions().Lifetime);
    }
}
