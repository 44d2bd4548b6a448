using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Models;

[AssertNoLeakedTensors]
public sealed class NetworkCacheTests
{
    [GoldenFact]
    public void Load_SamePatches_GivesTheSameNetwork()
    {
        using var store = GoldenStore.Open();
        var source = store.LoadCheckpoint(GoldenStore.Checkpoint("tiny-sd15")).Model.Source;
        var other = store.LoadCheckpoint(GoldenStore.Checkpoint("tiny-sd15")).Model.Source;

        Assert.Same(source.Load([]), other.Load([]));
    }

    [GoldenFact]
    public void Load_OverBudget_GivesUpTheLeastRecentlyUsedThatIsNotInUse()
    {
        using var store = SmallStore();
        var first = store.LoadCheckpoint(GoldenStore.Checkpoint("tiny-sd15")).Model.Source;
        var second = store.LoadCheckpoint(GoldenStore.Checkpoint("tiny-sd15-fp16")).Model.Source;
        IDiffusionNetwork network;
        using (new TensorScope())
        {
            network = first.Load([]);
            second.Load([]);
            // In use until the outermost scope ends.
            Assert.Same(network, first.Load([]));
        }
        second.Load([]);

        Assert.NotSame(network, first.Load([]));
    }

    [GoldenFact]
    public void Unload_NothingInUse_FreesAllAndHandlesLoadAgain()
    {
        using var store = GoldenStore.Open();
        var source = store.LoadCheckpoint(GoldenStore.Checkpoint("tiny-sd15")).Model.Source;
        source.Load([]);
        Assert.True(store.ResidentBytes > 0);

        store.Unload();

        Assert.Equal(0, store.ResidentBytes);
        Assert.NotNull(source.Load([]));
    }

    private static ModelStore SmallStore() =>
        new(new ModelStoreOptions { Tokenizers = new TokenizerLocator([]), BudgetBytes = 1 });
}
