using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.FluxSpace;

/// <summary>Edits against <see cref="PlainEdit"/>, over settings drawn from fixed seeds.</summary>
[AssertNoLeakedTensors]
public sealed class PlainEditTests
{
    // The tolerance of the goldens: largest difference over the standard deviation of the latent.
    private const double Tolerance = 2e-5;
    private const double Amplification = 30;
    private const double Shift = 1.15;

    public static TheoryData<int> Seeds(int first, int count) => [.. Enumerable.Range(first, count)];

    [Theory]
    [MemberData(nameof(Seeds), 0, 40)]
    public void Flux_AnySettings_GiveWhatTheDefinitionGives(int seed)
    {
        using var flux = new TinyFlux();
        Compare(flux, seed);
    }

    [Theory]
    [MemberData(nameof(Seeds), 1000, 12)]
    public void UNet_AnySettings_GiveWhatTheDefinitionGives(int seed)
    {
        using var network = new TinyUNet();
        Compare(network, seed);
    }

    [Fact]
    public void Flux_EverySamplerAndScheduler_GiveWhatTheDefinitionGives()
    {
        using var flux = new TinyFlux();
        EditSlot[] slots = [TinyModel.Slot(flux.A, flux.B, 0.6, 0.3), TinyModel.Slot(flux.C, flux.D, -0.3, number: 2)];
        var plain = new PlainEdit(slots, Bounds(flux, 0.2, 0.8));
        var edited = flux.Edited(new EditWindow(0.2, 0.8), slots);
        foreach (var (index, sampler) in SamplerCatalogue.Names.Index())
        {
            var scheduler = ScheduleCatalogue.Names[index % ScheduleCatalogue.Names.Count];
            var settings = new SampleSettings
            {
                Steps = 5,
                Sampler = sampler,
                Scheduler = scheduler,
                Cfg = index % 3 == 0 ? 2 : 1,
            };
            Same($"{sampler}, {scheduler}", flux, plain, edited, settings);
        }
    }

    private static void Compare(TinyModel tiny, int seed)
    {
        using var scope = new TensorScope();
        var draw = new Random(seed);
        var prompts = new[] { tiny.A, tiny.B, tiny.C, tiny.D, tiny.AgainA, tiny.Base };
        var slots = Enumerable
            .Range(1, draw.Next(1, 5))
            .Select(number =>
                draw.Next(5) == 0
                    ? new EditSlot(number, Pick(draw, prompts), null, Pick(draw, 0.5, -0.4, 1))
                    : TinyModel.Slot(
                        Pick(draw, prompts),
                        Pick(draw, prompts),
                        Pick(draw, 0.25, 0.5, -0.5, 0.7, 1, 1.6),
                        Pick(draw, 0, 0.3, 0.5, 0.5, 1),
                        number
                    )
            )
            .ToArray();
        var (start, end) = (Pick(draw, 0, 0.125, 0.15, 0.25, 0.5), Pick(draw, 1, 1, 0.9, 0.75, 0.6));
        var isFlux = tiny is TinyFlux;
        var editor = new FluxSpaceEditor
        {
            Name = "Edit",
            Slots = slots,
            Window = new EditWindow(start, end),
            Tokens = isFlux
                ? Pick(draw, EditTokens.All, EditTokens.All, EditTokens.Image, EditTokens.Text)
                : EditTokens.All,
            PromptsAtOnce = Pick<int?>(draw, null, null, 1, 2, 3),
            Sites = new EditSites(DoubleBlocksOnly: isFlux && draw.Next(5) == 0),
            Neutral = draw.Next(4) == 0 ? Pick(draw, tiny.D, tiny.C) : null,
        };
        var plain = new PlainEdit(slots, Bounds(tiny, start, end))
        {
            Tokens = editor.Tokens,
            DoubleBlocksOnly = editor.Sites.DoubleBlocksOnly,
            Neutral = editor.Neutral?.Entries[0],
        };
        var settings = new SampleSettings
        {
            Steps = draw.Next(3, 9),
            Cfg = Pick(draw, 1, 1, 2.5),
            Batch = Pick(draw, 1, 1, 2),
            Sampler = Pick(draw, "euler", "heun", "dpm_2", "dpmpp_sde", "dpmpp_2m", "euler_ancestral", "uni_pc"),
            Scheduler = Pick(draw, "simple", "karras", "beta", "sgm_uniform", "normal"),
            Denoise = Pick(draw, 1, 1, 0.6),
            Positive = Pick(draw, tiny.Base, tiny.Base, Combined(tiny), InArea(tiny), Masked(tiny)),
            Negative = Pick(draw, tiny.D, tiny.Long),
            NoiseMask = draw.Next(4) == 0 ? Half() : null,
        };
        settings = settings with { StartAt = draw.Next(4) == 0 ? 1 : 0 };
        Same($"seed {seed}", tiny, plain, editor.ApplyTo(tiny.Model), settings);
    }

    private static void Same(
        string what,
        TinyModel tiny,
        PlainEdit plain,
        DiffusionModel edited,
        SampleSettings settings
    )
    {
        var expected = tiny.Sample(plain.ApplyTo(tiny.Model), settings);
        var modes = plain.Modes.ToArray();
        var actual = tiny.Sample(edited, settings);

        Assert.Equal(modes, tiny.Modes);
        var difference = Difference(expected, actual);
        if (difference > Tolerance)
        {
            // Networks of random numbers blow rounding up; how far, an edit that differs by rounding tells.
            var nearly = tiny.Sample(plain.Scaled(1 + 1e-6).ApplyTo(tiny.Model), settings);
            var rounding = Difference(expected, nearly);
            Assert.True(
                difference <= Amplification * rounding,
                $"{what}, {settings.Sampler}, {settings.Scheduler}: {difference} over {rounding}"
            );
        }
    }

    private static double Difference(float[] expected, float[] actual)
    {
        var mean = expected.Average();
        var deviation = Math.Sqrt(expected.Average(value => (value - mean) * (value - mean)));
        return expected.Zip(actual, (left, right) => Math.Abs(left - right)).Max() / deviation;
    }

    /// <summary>Bounds by the closed forms, not by the product's.</summary>
    private static (double Upper, double Lower) Bounds(TinyModel tiny, double start, double end)
    {
        return tiny is TinyFlux
            ? (Flux(start), Flux(end))
            : (start <= 0 ? double.PositiveInfinity : Table(start), end >= 1 ? 0 : Table(end));

        static double Flux(double percent) =>
            percent <= 0 ? 1
            : percent >= 1 ? 0
            : Math.Exp(Shift) / (Math.Exp(Shift) + (1 / (1 - percent) - 1));

        double Table(double percent) => tiny.Model.Sampling.Sigma(999 * (1 - percent));
    }

    private static Conditioning Combined(TinyModel tiny) =>
        new([.. tiny.Base.Entries, tiny.C.Entries[0] with { Strength = 0.5 }]);

    private static Conditioning InArea(TinyModel tiny) =>
        new([.. tiny.Base.Entries, tiny.C.Entries[0] with { Area = new ConditioningArea(4, 4, 0, 2) }]);

    private static Conditioning Masked(TinyModel tiny) =>
        new([.. tiny.Base.Entries, tiny.C.Entries[0] with { Mask = Half(), MaskStrength = 0.8 }]);

    private static Tensor Half() => Tensor.From([1f, 0, 1, 1], 1, 2, 2);

    private static T Pick<T>(Random draw, params T[] values) => values[draw.Next(values.Length)];
}
