using NodeHost.Diffusion.FluxSpace.Numpy;
using static NodeHost.Tests.Nodes.FluxSpace.EditGraphs;

namespace NodeHost.Tests.Nodes.FluxSpace;

/// <summary>Edits that cannot work: the node, the numbers and the remedy are named, and the next prompt is not harmed.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly PromptHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task TextOfAnotherLength_FailsAndLeavesThePlainModel()
    {
        var plain = await _host.LatentAsync(Prompt((_, model, _) => model));
        var words = string.Join(' ', Enumerable.Repeat("smiling", 300));
        var (_, message) = await _host.FailureAsync(
            Prompt((text, model, clip) => text.Pair(model, text.Encode(clip, "a smile"), text.Encode(clip, words)))
        );

        Assert.Contains("FluxSpaceEditPair #9: the edit prompt 1b is ", message, StringComparison.Ordinal);
        Assert.Contains(" tokens long, the base prompt 256", message, StringComparison.Ordinal);
        Assert.Contains("Shorten the longer one", message, StringComparison.Ordinal);
        Assert.Equal(["plain"], _host.Modes);

        Assert.Equal(plain, await _host.LatentAsync(Prompt((_, model, _) => model)));
        Assert.Equal(6, _host.Modes.Count);
    }

    [Fact]
    public async Task FailureInsideAnEditAndAGate_LeavesThePlainModel()
    {
        var plain = await _host.LatentAsync(Prompt((_, model, _) => model));
        _host.WriteArrays("delta.npz", ("delta", NumpyArray.Of(new float[7], 7)));
        await _host.FailureAsync(
            Prompt(
                (text, model, clip) =>
                    text.Pair(
                        Gate(text, Direct(text, model, "delta.npz", "single_0"), 0, 1),
                        text.Encode(clip, "a smile"),
                        text.Encode(clip, "a broad smile")
                    )
            )
        );

        Assert.Equal(plain, await _host.LatentAsync(Prompt((_, model, _) => model)));
        Assert.Equal(6, _host.Modes.Count);
    }

    [Theory]
    [InlineData(0.4, 0.41)]
    [InlineData(0.8, 0.2)]
    public async Task WindowWithoutAStep_WarnsAtTheEditAndChangesNothing(double start, double end)
    {
        var plain = await _host.LatentAsync(Prompt((_, model, _) => model));
        var edited = await _host.LatentAsync(
            Prompt((text, model, clip) => text.Smile(model, clip, ("start_percent", start), ("end_percent", end)))
        );

        Assert.Equal(plain, edited);
        var (node, message) = Assert.Single(_host.Warnings);
        Assert.Equal("9", node);
        Assert.Contains(
            FormattableString.Invariant(
                $"FluxSpaceEditPair #9: the window [{start}, {end}] selects none of the 6 steps"
            ),
            message,
            StringComparison.Ordinal
        );
        Assert.Contains("Widen", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DoubleBlocksOnly_OfAUNet_FailsAtTheEdit()
    {
        var (node, message) = await _host.FailureAsync(
            Sd15((text, model, clip) => text.Smile(model, clip, ("double_blocks_only", true)))
        );

        Assert.Equal("6", node);
        Assert.Contains("FluxSpaceEditPair #6, input 'double_blocks_only'", message, StringComparison.Ordinal);
        Assert.Contains("nodehost-tiny-sd15", message, StringComparison.Ordinal);
        Assert.Contains("Switch it off, or load a Flux model", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TextTokens_OfAnUNet_FailAtTheEdit()
    {
        var (node, message) = await _host.FailureAsync(
            Sd15((text, model, clip) => text.Smile(model, clip, ("tokens", "text")))
        );

        Assert.Equal("6", node);
        Assert.StartsWith("FluxSpaceEditPair #6, input 'tokens': ", message, StringComparison.Ordinal);
    }
}
