using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.FluxSpace.Directions;
using NodeHost.Diffusion.FluxSpace.Measurement;
using NodeHost.Diffusion.FluxSpace.Numpy;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.FluxSpace;

[AssertNoLeakedTensors]
public sealed class MeasurementTests : IDisposable
{
    private const double Scale = 0.7;

    private readonly TinyFlux _flux = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _flux.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Measuring_Anything_ChangesNoBitOfTheResult()
    {
        var editor = Editor();
        var plain = _flux.Sample((editor with { Measurement = null }).ApplyTo(_flux.Model));
        Assert.Equal(plain, _flux.Sample(editor.ApplyTo(_flux.Model)));

        var recorded = _flux.Sample((editor with { Slots = [] }).ApplyTo(_flux.Model));
        Assert.Equal(_flux.Sample(_flux.Model), recorded);
    }

    [Fact]
    public void Measuring_PromptsWithoutAShare_RunsThemApart()
    {
        // What shares a batch decides on the last bits on some devices, so it must be the same with and without.
        var editor = Editor() with
        {
            Slots = [TinyFlux.Slot(_flux.A, _flux.B, Scale, 0)],
            Window = EditWindow.Whole,
        };
        var plain = _flux.Sample((editor with { Measurement = null }).ApplyTo(_flux.Model), 1);

        Assert.Equal(plain, _flux.Sample(editor.ApplyTo(_flux.Model), 1));
        Assert.Equal((3, 1), (_flux.NetworkCalls, _flux.LargestBatch));
    }

    [Fact]
    public void FullCapture_StepOutsideTheWindow_IsWarnedOf()
    {
        var target = new MeasurementTarget
        {
            FullPath = _folder.File("full.npz"),
            FullSites = CaptureSite.Parse("""{"sites": [[0, "single_1"], [7, "single_1"], [2, "double_0"]]}"""),
        };
        _flux.Sample((Editor() with { Measurement = target, NodeId = "5" }).ApplyTo(_flux.Model));

        var warning = Assert.Single(_flux.Warnings);
        Assert.Equal("5", warning.NodeId);
        Assert.Contains(
            "Edit: full_capture_sites_json names single_1 at step 0",
            warning.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("of the 4 steps the edit acts at 1 to 3; 2 of 3", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_OfAPair_ObeyTheAlgebra()
    {
        _flux.Sample(Editor().ApplyTo(_flux.Model), 20);
        using var file = NumpyArchive.Open(Path);

        Assert.Equal([.. Enumerable.Range(4, 16).Select(step => (long)step)], file.Read("step_keys").ToIntegers());
        Assert.Equal(["double_0", "double_1", "single_0", "single_1", "single_2"], file.Read("block_keys").ToTexts());
        Assert.Equal([16, TinyFlux.Sites, 96], file.Read("attn_base").Shape);
        Assert.Equal([16, TinyFlux.Sites], file.Read("cos_ab").Shape);
        var (attention, delta, steered) = (Floats("attn_base"), Floats("delta_mix"), Floats("steered_at_scale"));
        for (var index = 0; index < attention.Length; index++)
        {
            Assert.Equal(attention[index] + (float)Scale * delta[index], steered[index], 1e-5f);
        }

        float[] Floats(string name) => file.Read(name).ToFloats();
    }

    [Fact]
    public void Delta_AtTheFirstSite_IsMixedOfBothHalves()
    {
        // Only there is the base unedited in every run, so that runs of other mixes can be compared.
        float[] First(double mixB, string member)
        {
            var path = _folder.File($"mix{mixB}.npz");
            var editor = Editor() with
            {
                Slots = [TinyFlux.Slot(_flux.A, _flux.B, Scale, mixB)],
                Measurement = new MeasurementTarget { Path = path },
            };
            _flux.Sample(editor.ApplyTo(_flux.Model), 20);
            return FirstOf(member, 0, path);
        }

        var (a, b, mixed) = (First(0, "delta_mix"), First(1, "delta_mix"), First(0.3, "delta_mix"));
        var half = First(0.3, "ab_half_diff");
        Assert.Contains(a.Zip(b), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
        for (var index = 0; index < a.Length; index++)
        {
            Assert.Equal((0.7 * a[index]) + (0.3 * b[index]), mixed[index], 1e-5);
            Assert.Equal((a[index] - b[index]) / 2, half[index], 1e-5);
        }
    }

    [Fact]
    public void Members_AtTheFirstSite_AreWhatTheirNamesSay()
    {
        double[] Attention(Conditioning prompt)
        {
            var hook = new FirstSite();
            _flux.Sample(_flux.Model with { AttentionHooks = [hook] }, 1, positive: prompt);
            return [.. hook.Values.Select(value => (double)value)];
        }
        var (own, a, b) = (Attention(_flux.Base), Attention(_flux.A), Attention(_flux.B));
        _flux.Sample((Editor() with { Window = EditWindow.Whole }).ApplyTo(_flux.Model), 1);
        using var file = NumpyArchive.Open(Path);

        double[] mixed = [.. a.Zip(b, (first, second) => (0.7 * first) + (0.3 * second))];
        var delta = Less(mixed, own);
        Check("attn_base", own, withLargest: true);
        Check("delta_mix", delta, withLargest: true);
        Check("ab_half_diff", [.. Less(a, b).Select(value => value / 2)], withLargest: false);
        Same("steered_at_scale", Means([.. own.Zip(delta, (value, pull) => value + (Scale * pull))]));
        var (deltaA, deltaB) = (Less(a, own), Less(b, own));
        Same("delta_a_fro", [Norm(deltaA)]);
        Same("delta_b_fro", [Norm(deltaB)]);
        Same("cos_ab", [deltaA.Zip(deltaB, (x, y) => x * y).Sum() / Norm(deltaA) / Norm(deltaB)]);

        void Check(string name, double[] values, bool withLargest)
        {
            Same(name, Means(values));
            Same($"{name}_rms_d", [.. Means([.. values.Select(value => value * value)]).Select(Math.Sqrt)]);
            Same($"{name}_fro", [Norm(values)]);
            Assert.Equal(withLargest, file.Contains($"{name}_max_abs"));
            if (withLargest)
            {
                Same($"{name}_max_abs", [values.Max(Math.Abs)]);
            }
        }
        void Same(string name, double[] expected)
        {
            var given = file.Read(name).ToFloats()[..expected.Length];
            Assert.All(
                expected.Zip(given),
                pair =>
                    Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-5 * Math.Max(1, Math.Abs(pair.First)), name)
            );
        }
        static double[] Less(double[] first, double[] second) => [.. first.Zip(second, (x, y) => x - y)];
        static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));
        static double[] Means(double[] values) =>
            [.. Enumerable.Range(0, 96).Select(channel => values.Where((_, at) => at % 96 == channel).Average())];
    }

    [Fact]
    public void Delta_OfAProjectedEdit_IsWhatTheScaleMultiplies()
    {
        _flux.Sample((Editor() with { Neutral = _flux.D }).ApplyTo(_flux.Model), 8);
        using var file = NumpyArchive.Open(Path);
        var (attention, delta, steered) = (
            file.Read("attn_base").ToFloats(),
            file.Read("delta_mix").ToFloats(),
            file.Read("steered_at_scale").ToFloats()
        );

        for (var index = 0; index < attention.Length; index++)
        {
            Assert.Equal(attention[index] + ((float)Scale * delta[index]), steered[index], 1e-5f);
        }
    }

    [Fact]
    public void AttentionBase_FirstSiteOfTheFirstActiveStep_IsTheUneditedOne()
    {
        var editor = Editor();
        _flux.Sample(editor.ApplyTo(_flux.Model), 20);
        var edited = FirstOf("attn_base", 0, Path);
        var basePath = _folder.File("base.npz");
        var measured = editor with
        {
            Slots = [],
            Measurement = new MeasurementTarget { Path = basePath },
        };
        _flux.Sample(measured.ApplyTo(_flux.Model), 20);

        Assert.Equal(FirstOf("attn_base", 0, basePath), edited);
    }

    [Fact]
    public void SeveralSlots_Members_CarryTheirNumbers()
    {
        var editor = Editor() with
        {
            Slots = [TinyFlux.Slot(_flux.A, _flux.B, 0.5), TinyFlux.Slot(_flux.C, _flux.D, 0.2, number: 3)],
        };
        _flux.Sample(editor.ApplyTo(_flux.Model), 2);
        using var file = NumpyArchive.Open(Path);

        Assert.True(file.Contains("delta_mix_1_rms_d") && file.Contains("delta_mix_3") && file.Contains("cos_ab_3"));
        Assert.False(file.Contains("delta_mix"));
    }

    [Fact]
    public void ShortForm_HasHalfPrecisionMeansOnly()
    {
        var path = _folder.File("run.v2.npz");
        _flux.Sample((Editor() with { Measurement = new MeasurementTarget { Path = path } }).ApplyTo(_flux.Model), 2);
        using var file = NumpyArchive.Open(path);

        Assert.Equal(["step_keys", "block_keys", "attn_base", "delta_mix"], file.Names);
        Assert.Equal("<f2", file.Read("delta_mix").Description);
    }

    [Fact]
    public void FullCapture_OfNamedSites_CanBeInjected()
    {
        var path = _folder.File("full.npz");
        var target = new MeasurementTarget
        {
            FullPath = path,
            FullSites = CaptureSite.Parse("""{"sites": [[1, "single_1"], [2, "double_0"]]}"""),
        };
        _flux.Sample((Editor() with { Measurement = target }).ApplyTo(_flux.Model));

        var directions = DirectionSet.ReadFull(path, renormalise: true);
        try
        {
            Assert.Equal(2, directions.Directions.Count);
            var hook = new DirectionHook("Inject", directions, 1, EditWindow.Whole);
            var injected = _flux.Model with { AttentionHooks = [hook] };
            Assert.NotEqual(_flux.Sample(_flux.Model), _flux.Sample(injected));

            var error = Assert.Throws<FluxSpaceException>(() => _flux.Sample(injected, 8));
            Assert.Contains("Use the schedule", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var tensor in directions.HeldTensors)
            {
                tensor.Dispose();
            }
        }
    }

    [Fact]
    public void Injection_OfAnotherWidth_NamesTheShapes()
    {
        var path = _folder.File("delta.npz");
        NumpyArchive.Write(path, [("delta", NumpyArray.Of(new float[7], 7))]);
        var directions = DirectionSet.ReadDirect(path, ["single_0"]);
        var hook = new DirectionHook("Inject", directions, 1, EditWindow.Whole);

        var error = Assert.Throws<FluxSpaceException>(() => _flux.Sample(_flux.Model with { AttentionHooks = [hook] }));
        directions.HeldTensors.Single().Dispose();

        Assert.Contains("[7] f32 cpu for single_0", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{nope")]
    [InlineData("""{"sites": []}""")]
    [InlineData("""{"sites": [["single_1", 1]]}""")]
    [InlineData("""{"sites": [[-1, "single_1"]]}""")]
    public void CaptureSites_OfAnotherForm_AreRefused(string json) =>
        Assert.Throws<FluxSpaceException>(() => CaptureSite.Parse(json));

    private string Path => _folder.File("run.npz");

    private FluxSpaceEditor Editor() =>
        new()
        {
            Name = "Edit",
            Slots = [TinyFlux.Slot(_flux.A, _flux.B, Scale, 0.3)],
            Window = new EditWindow(0.15, 1),
            Measurement = new MeasurementTarget { Path = Path },
        };

    private sealed class FirstSite : IAttentionHook
    {
        public float[] Values { get; private set; } = [];

        public Tensor Apply(in AttentionOutput output)
        {
            Values = output.Site.Name == "double_0" ? output.Value.ToArray<float>() : Values;
            return output.Value;
        }
    }

    private static float[] FirstOf(string member, int block, string path)
    {
        using var file = NumpyArchive.Open(path);
        var (array, step) = (file.Read(member), Array.IndexOf(file.Read("step_keys").ToIntegers(), 4L));
        var width = (int)array.Shape[2];
        var start = (step * (int)array.Shape[1] + block) * width;
        return array.ToFloats()[start..(start + width)];
    }
}
