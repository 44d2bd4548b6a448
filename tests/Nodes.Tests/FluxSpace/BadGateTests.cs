using static NodeHost.Tests.Nodes.FluxSpace.EditGraphs;

namespace NodeHost.Tests.Nodes.FluxSpace;

/// <summary>Gates and adapters that cannot work: the loader, the numbers and the remedy are named.</summary>
public sealed class BadGateTests : IDisposable
{
    private readonly PromptHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task GateWithoutAStep_WarnsAtTheLoader()
    {
        await _host.LatentAsync(Prompt((text, model, _) => Gate(text, model, 0.5, 0.5)));

        var (node, message) = Assert.Single(_host.Warnings);
        Assert.Equal("7", node);
        Assert.Contains("open at none of the 6 steps ([0.5, 0.5))", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdapterOfAnotherModel_WarnsAndChangesNothing()
    {
        var plain = await _host.LatentAsync(Prompt((_, model, _) => model));
        var gated = await _host.LatentAsync(
            Prompt((text, model, _) => Gate(text, model, 0, 1, "nodehost-tiny-sd15-lora.safetensors"))
        );

        Assert.Equal(plain, gated);
        var (node, message) = Assert.Single(_host.Warnings);
        Assert.Equal("7", node);
        Assert.StartsWith("LoraLoaderStepGated #7: ", message, StringComparison.Ordinal);
        Assert.Contains(
            "8 of 8 keys match nothing in the model, such as 'lora_unet_",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains("choose a LoRA that is made for this model", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdapterWithOtherShapes_FailsWithTheLoadersName()
    {
        var (_, message) = await _host.FailureAsync(
            Checkpoint(
                "nodehost-tiny-sdxl-base.safetensors",
                (text, model, _) => Gate(text, model, 0, 1, "nodehost-tiny-sd15-lora.safetensors")
            )
        );

        Assert.StartsWith("LoraLoaderStepGated #4: ", message, StringComparison.Ordinal);
        Assert.Contains("[4, 16] f32 cpu, but 'middle_block.1.", message, StringComparison.Ordinal);
        Assert.Contains("choose one for this model", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AdapterWithTextEncoderKeys_OnItsOwnModel_IsNoReasonToWarn()
    {
        await _host.LatentAsync(
            Sd15((text, model, _) => Gate(text, model, 0, 1, "nodehost-tiny-sd15-lora.safetensors"))
        );

        Assert.Empty(_host.Warnings);
    }

    [Theory]
    [InlineData("0..1", "", "input 'windows': expected entries like '0.2-0.8'")]
    [InlineData("0-80", "", "with bounds from 0 to 1, got '0-80'")]
    [InlineData("0-1", "duble=1", "input 'block_strengths': expected entries like 'single=0.5'")]
    public async Task GateThatCannotBeRead_IsNamedWithTheNodeAndTheInput(string windows, string blocks, string expected)
    {
        var (node, message) = await _host.FailureAsync(
            Prompt((text, model, _) => Advanced(text, model, windows, blocks))
        );

        Assert.Equal("7", node);
        Assert.StartsWith("LoraLoaderStepGatedAdvanced #7, ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BlockThatTheModelLacks_IsWarnedOf()
    {
        await _host.LatentAsync(Prompt((text, model, _) => Advanced(text, model, "0-1", "double_0=0.5, double_99=0")));

        var (node, message) = Assert.Single(_host.Warnings);
        Assert.Equal("7", node);
        Assert.Contains("there is no block double_99 in the model", message, StringComparison.Ordinal);
        Assert.Contains("single_0 to single_1", message, StringComparison.Ordinal);
    }
}
