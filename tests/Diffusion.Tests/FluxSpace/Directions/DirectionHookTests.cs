using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.FluxSpace.Directions;
using NodeHost.Diffusion.FluxSpace.Numpy;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.FluxSpace.Directions;

[AssertNoLeakedTensors]
public sealed class DirectionHookTests : IDisposable
{
    private const int Width = 96;
    private const int SitesAStep = 5;

    private readonly TinyFlux _flux = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _flux.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Atom_AtItsSite_AddsTheScaledDirectionToEveryToken()
    {
        using var scope = new TensorScope();
        // Flat index = place of the step among step_keys * layers + place of the layer.
        float[] direction = [.. Enumerable.Range(0, Width).Select(channel => channel / 100f)];
        var hook = new DirectionHook("Inject", Atom([2, 3], [SitesAStep + 4], direction), 0.5, EditWindow.Whole);
        using var before = new AttentionRecorder();
        using var after = new AttentionRecorder();
        _flux.Sample(_flux.Model with { AttentionHooks = [before, hook, after] }, 4);

        const int Changed = (3 * SitesAStep) + 4;
        for (var call = 0; call < before.Taken.Count; call++)
        {
            var added = (after.Taken[call] - before.Taken[call]).Reshape(-1, Width).ToArray<float>();
            for (var index = 0; index < added.Length; index++)
            {
                Assert.Equal(call == Changed ? 0.5f * direction[index % Width] : 0, added[index], 1e-5f);
            }
        }
    }

    [Fact]
    public void Atom_WithGuidance_LeavesTheNegativeRowsAlone()
    {
        using var scope = new TensorScope();
        var hook = new DirectionHook("Inject", Atom([0], [0]), 1, EditWindow.Whole);
        using var before = new AttentionRecorder();
        using var after = new AttentionRecorder();
        _flux.Sample(_flux.Model with { AttentionHooks = [before, hook, after] }, 1, cfg: 3);

        // The negative prompt's rows come first.
        var changes = (after.Taken[0] - before.Taken[0]).Abs().Max([1]).Max([1]).ToArray<float>();
        Assert.Equal([false, true], changes.Select(change => change > 0));
    }

    [Theory]
    [InlineData(false, new float[] { 3, 0, 0, 4 })]
    [InlineData(true, new float[] { 6, 0, 0, 8 })]
    public void FullDifference_Renormalised_HasTheMeasuredNorm(bool renormalise, float[] expected)
    {
        using var scope = new TensorScope();
        var path = _folder.File("full.npz");
        NumpyArchive.Write(
            path,
            [
                ("delta_full", NumpyArray.Of([(Half)3, (Half)0, (Half)0, (Half)4], 1, 1, 2, 2)),
                ("delta_fro", NumpyArray.Of([10f], 1, 1)),
                ("step_keys", NumpyArray.Of([6L])),
                ("block_keys", NumpyArray.Of(["single_34"])),
            ]
        );

        Assert.Equal(expected, DirectionSet.ReadFull(path, renormalise).Find(6, "single_34")!.ToArray<float>());
    }

    [Theory]
    [InlineData(new long[0])]
    [InlineData(new long[] { 2, 2 })]
    [InlineData(new long[] { -1 })]
    public void StepKeys_ThatNameNoSteps_AreRefused(long[] steps)
    {
        using var scope = new TensorScope();

        var error = Assert.Throws<FluxSpaceException>(() => Atom(steps, [0]));
        Assert.Contains("each step once; got steps [", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 4, 5 }, 0, "step 4, 5, and of the 4 steps of this run the window [0, 1] selects 0 to 3")]
    [InlineData(
        new long[] { 0, 1 },
        0.5,
        "step 0, 1, and of the 4 steps of this run the window [0.5, 1] selects 3 to 3"
    )]
    public void CapturedSteps_ThatNeverOccur_AreWarnedOf(long[] steps, double start, string expected)
    {
        using var scope = new TensorScope();
        var directions = Atom(steps, [.. Enumerable.Range(0, steps.Length).Select(step => (long)step * SitesAStep)]);
        var hook = new DirectionHook("Inject #3", directions, 1, new EditWindow(start, 1)) { NodeId = "3" };

        Assert.Equal(_flux.Sample(_flux.Model), _flux.Sample(_flux.Model with { AttentionHooks = [hook] }));
        var warning = Assert.Single(_flux.Warnings);
        Assert.Equal("3", warning.NodeId);
        Assert.StartsWith("Inject #3: ", warning.Message, StringComparison.Ordinal);
        Assert.Contains(expected, warning.Message, StringComparison.Ordinal);
        Assert.Contains("Use as many steps as the measurement had", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CapturedSteps_ThatOccurInPart_AreNoReasonToWarn()
    {
        using var scope = new TensorScope();
        var hook = new DirectionHook("Inject", Atom([3, 9], [0, SitesAStep]), 1, EditWindow.Whole);
        _flux.Sample(_flux.Model with { AttentionHooks = [hook] });

        Assert.Empty(_flux.Warnings);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Direction_BesideAnEdit_IsTheSameHoweverPromptsShareAPass(double cfg)
    {
        using var scope = new TensorScope();
        // With guidance a batch of two prompts is negative, positive, negative, positive.
        var hook = new DirectionHook("Inject", Atom([0, 1], [0, SitesAStep]), 5, EditWindow.Whole);
        float[] Run(int atOnce)
        {
            var editor = new FluxSpaceEditor
            {
                Name = "Edit",
                Slots = [TinyModel.Slot(_flux.A, _flux.B, 0.5)],
                PromptsAtOnce = atOnce,
            };
            return _flux.Sample(editor.ApplyTo(_flux.Model with { AttentionHooks = [hook] }), 2, cfg);
        }

        var (apart, together) = (Run(1), Run(2));
        Assert.All(apart.Zip(together), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.NotEqual(
            apart,
            _flux.Sample(_flux.Edited(EditWindow.Whole, TinyModel.Slot(_flux.A, _flux.B, 0.5)), 2, cfg)
        );
    }

    private DirectionSet Atom(long[] steps, long[] sites, float[]? direction = null)
    {
        var path = _folder.File($"{Guid.NewGuid():N}.npz");
        var one = direction ?? [.. Enumerable.Range(0, Width).Select(channel => MathF.Sin(channel))];
        NumpyArchive.Write(
            path,
            [
                ("atom_07_direction", NumpyArray.Of([.. sites.SelectMany(_ => one)], sites.Length, Width)),
                ("atom_07_sites", NumpyArray.Of(sites)),
                ("step_keys", NumpyArray.Of(steps)),
                ("block_keys", NumpyArray.Of(["double_0", "double_1", "single_0", "single_1", "single_2"])),
            ]
        );
        return DirectionSet.ReadAtom(path, 7);
    }
}
