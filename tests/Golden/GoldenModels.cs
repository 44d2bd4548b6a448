using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Golden;

/// <summary>The models beside the golden cases.</summary>
internal static class GoldenModels
{
    /// <summary>Bytes that models may take (<c>NODEHOST_GOLDEN_BUDGET</c>): the cases hold with any.</summary>
    public static long? MemoryBudget { get; } =
        long.TryParse(Environment.GetEnvironmentVariable("NODEHOST_GOLDEN_BUDGET"), out var bytes) ? bytes : null;

    /// <summary>Where models compute (<c>NODEHOST_GOLDEN_DEVICE</c>): <c>twin</c> is the tests' second device, and has the CPU's results.</summary>
    public static Device Device { get; } =
        Environment.GetEnvironmentVariable("NODEHOST_GOLDEN_DEVICE") switch
        {
            "twin" => TwinDevice.Device,
            { Length: > 0 } name => Device.Parse(name),
            _ => Device.Cpu,
        };

    public static ModelStore OpenStore(GoldenFolder folder)
    {
        var options = new ModelStoreOptions
        {
            Tokenizers = new TokenizerLocator([folder.Tokenizers]),
            EmbeddingFolders = [Path.Combine(folder.Models, "embeddings")],
        };
        return new(options with { BudgetBytes = MemoryBudget, Device = Device });
    }
}
