using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.FluxSpace;

/// <summary>Bytes that an edited run needs on its device.</summary>
public sealed class EditMemoryTests : IDisposable
{
    private const double Allowance = 1.02;

    private readonly PromptHost _host = new(TwinDevice.Device) { BeforeFirstForward = TwinDevice.ResetPeak };

    // A run like a former one would come out of the cache.
    private int _runs;

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task PeakBytes_OfMoreSlots_AreThoseOfOne()
    {
        // The first run brings the weights to the device.
        await PeakAsync(1);
        var one = await PeakAsync(1);
        var four = await PeakAsync(4);

        Assert.InRange(await PeakAsync(2), 1, one * Allowance);
        Assert.InRange(four, 1, one * Allowance);
    }

    [Fact]
    public async Task PairsOfPrompts_OnADevice_GiveTheCpusLatent()
    {
        using var cpu = new PromptHost();
        var expected = await cpu.LatentAsync(Prompt(2));
        var actual = await _host.LatentAsync(Prompt(2));

        Assert.Equal(cpu.Modes, _host.Modes);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    private async Task<long> PeakAsync(int slots)
    {
        await _host.LatentAsync(Prompt(slots, ++_runs));
        Assert.Equal((2 * slots) + 1, _host.Modes.Count / 2);
        return TwinDevice.PeakBytes;
    }

    private static PromptText Prompt(int slots, int seed = 1)
    {
        var text = new PromptText();
        var (model, clip) = (text.Flux(), text.FluxClip());
        var start = text.Encode(clip, "a portrait");
        var edits = Enumerable
            .Range(1, slots)
            .SelectMany(slot =>
                new (string, object)[]
                {
                    ($"edit_cond_a_{slot}", text.Encode(clip, $"a person number {slot}")),
                    ($"edit_cond_b_{slot}", text.Encode(clip, $"a portrait number {slot}")),
                    ($"scale_{slot}", 0.1 * slot),
                    ($"mix_b_{slot}", 0.4),
                }
            )
            .ToArray();
        var edited = text.Add(
            "FluxSpaceEditPairMulti",
            [
                ("model", model),
                ("start_percent", 0.0),
                ("end_percent", 1.0),
                ("double_blocks_only", false),
                ("verbose", false),
                .. edits,
            ]
        );
        return text.Sample(edited, start, start, steps: 2, seed: seed);
    }
}
