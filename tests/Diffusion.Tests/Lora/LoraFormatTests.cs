using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Lora;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Tests.Diffusion.Lora;

/// <summary>Every adapter format against sums written out index by index.</summary>
[AssertNoLeakedTensors]
public sealed class LoraFormatTests : IDisposable
{
    private const string Convolution = "input_blocks.1.0.in_layers.2";
    private const string ConvolutionModule = "lora_unet_down_blocks_0_resnets_0_conv1";
    private const string Linear = "input_blocks.1.1.transformer_blocks.0.attn1.to_q";
    private const string LinearModule = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q";
    private const string Norm = "input_blocks.1.1.norm";
    private const string NormModule = "lora_unet_down_blocks_0_attentions_0_norm";
    private const string Fused = "double_blocks.0.img_attn.qkv";
    private const string FluxNorm = "double_blocks.0.img_attn.norm.key_norm.scale";
    private const string FusedModule = "transformer.transformer_blocks.0.attn.to_k";

    private static readonly WeightTarget Sd15 = Target(
        "SD1.5",
        (Convolution, [6, 4, 3, 3]),
        (Linear, [6, 4]),
        (Norm, [4])
    );
    private static readonly WeightTarget Flux = Target("Flux", (Fused, [12, 4]));
    private static readonly WeightTarget FluxWithNorm = Flux with
    {
        Weights = new Dictionary<string, WeightInfo>(Flux.Weights) { [FluxNorm] = new(DType.Float32, [4]) },
    };

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(7);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Hadamard_Linear_IsTheElementwiseProductOfBothProducts()
    {
        using var scope = new TensorScope();
        var (w1a, w1b, w2a, w2b) = (Values(6, 2), Values(2, 4), Values(6, 2), Values(2, 4));
        var lora = Save(
            LinearModule,
            (".hada_w1_a", w1a, [6, 2]),
            (".hada_w1_b", w1b, [2, 4]),
            (".hada_w2_a", w2a, [6, 2]),
            (".hada_w2_b", w2b, [2, 4]),
            (".alpha", [1f], [])
        );
        var weight = Values(6, 4);

        AssertMerged(
            lora,
            Linear,
            weight,
            [6, 4],
            (o, i, _) => 1.0 / 2 * Dot(w1a, w1b, 2, 4, o, i) * Dot(w2a, w2b, 2, 4, o, i)
        );
    }

    [Fact]
    public void Hadamard_ConvolutionWithCores_RebuildsBothKernels()
    {
        using var scope = new TensorScope();
        var (t1, w1a, w1b) = (Values(2, 2, 3, 3), Values(2, 6), Values(2, 4));
        var (t2, w2a, w2b) = (Values(2, 2, 3, 3), Values(2, 6), Values(2, 4));
        var lora = Save(
            ConvolutionModule,
            (".hada_t1", t1, [2, 2, 3, 3]),
            (".hada_w1_a", w1a, [2, 6]),
            (".hada_w1_b", w1b, [2, 4]),
            (".hada_t2", t2, [2, 2, 3, 3]),
            (".hada_w2_a", w2a, [2, 6]),
            (".hada_w2_b", w2b, [2, 4]),
            (".alpha", [4f], [])
        );

        AssertMerged(
            lora,
            Convolution,
            Values(6, 4, 3, 3),
            [6, 4, 3, 3],
            (o, i, k) => 4.0 / 2 * Tucker(t1, w1a, w1b, o, i, k) * Tucker(t2, w2a, w2b, o, i, k)
        );
    }

    [Fact]
    public void Hadamard_ConvolutionWithoutCores_TakesTheKernelInItsColumns()
    {
        using var scope = new TensorScope();
        var (w1a, w1b, w2a, w2b) = (Values(6, 2), Values(2, 36), Values(6, 2), Values(2, 36));
        var lora = Save(
            ConvolutionModule,
            (".hada_w1_a", w1a, [6, 2]),
            (".hada_w1_b", w1b, [2, 36]),
            (".hada_w2_a", w2a, [6, 2]),
            (".hada_w2_b", w2b, [2, 36])
        );

        AssertMerged(
            lora,
            Convolution,
            Values(6, 4, 3, 3),
            [6, 4, 3, 3],
            (o, i, k) => Dot(w1a, w1b, 2, 36, o, i * 9 + k) * Dot(w2a, w2b, 2, 36, o, i * 9 + k)
        );
    }

    [Fact]
    public void Kronecker_BothWhole_IgnoresAlpha()
    {
        using var scope = new TensorScope();
        var (w1, w2) = (Values(2, 2), Values(3, 2));
        var lora = Save(LinearModule, (".lokr_w1", w1, [2, 2]), (".lokr_w2", w2, [3, 2]), (".alpha", [64f], []));

        AssertMerged(
            lora,
            Linear,
            Values(6, 4),
            [6, 4],
            (o, i, _) => w1[o / 3 * 2 + i / 2] * (double)w2[o % 3 * 2 + i % 2]
        );
    }

    [Fact]
    public void Kronecker_BothOfLowRank_ScalesByTheRankOfTheSecond()
    {
        using var scope = new TensorScope();
        var (w1a, w1b, w2a, w2b) = (Values(2, 1), Values(1, 2), Values(3, 2), Values(2, 2));
        var lora = Save(
            LinearModule,
            (".lokr_w1_a", w1a, [2, 1]),
            (".lokr_w1_b", w1b, [1, 2]),
            (".lokr_w2_a", w2a, [3, 2]),
            (".lokr_w2_b", w2b, [2, 2]),
            (".alpha", [3f], [])
        );

        AssertMerged(
            lora,
            Linear,
            Values(6, 4),
            [6, 4],
            (o, i, _) => 3.0 / 2 * Dot(w1a, w1b, 1, 2, o / 3, i / 2) * Dot(w2a, w2b, 2, 2, o % 3, i % 2)
        );
    }

    [Fact]
    public void Kronecker_ConvolutionWithCore_RebuildsTheKernel()
    {
        using var scope = new TensorScope();
        var (w1, t2, w2a, w2b) = (Values(2, 2), Values(2, 2, 3, 3), Values(2, 3), Values(2, 2));
        var lora = Save(
            ConvolutionModule,
            (".lokr_w1", w1, [2, 2]),
            (".lokr_t2", t2, [2, 2, 3, 3]),
            (".lokr_w2_a", w2a, [2, 3]),
            (".lokr_w2_b", w2b, [2, 2]),
            (".alpha", [1f], [])
        );

        AssertMerged(
            lora,
            Convolution,
            Values(6, 4, 3, 3),
            [6, 4, 3, 3],
            (o, i, k) => 0.5 * w1[o / 3 * 2 + i / 2] * Tucker(t2, w2a, w2b, o % 3, i % 2, k)
        );
    }

    [Fact]
    public void Kronecker_RowsOfAFusedWeight_LeaveTheOthersAlone()
    {
        using var scope = new TensorScope();
        var (w1, w2) = (Values(2, 2), Values(2, 2));
        var lora = Save(FusedModule, (".lokr_w1", w1, [2, 2]), (".lokr_w2", w2, [2, 2]));

        AssertMerged(
            lora,
            Fused,
            Values(12, 4),
            [12, 4],
            (o, i, _) => o is < 4 or >= 8 ? 0 : w1[(o - 4) / 2 * 2 + i / 2] * (double)w2[o % 2 * 2 + i % 2],
            Flux
        );
    }

    [Fact]
    public void Difference_OfWeightAndBias_IsAddedToBoth()
    {
        using var scope = new TensorScope();
        var (weight, bias) = (Values(6, 4), Values(6));
        var lora = Save(LinearModule, (".diff", weight, [6, 4]), (".diff_b", bias, [6]));

        AssertMerged(lora, Linear, Values(6, 4), [6, 4], (o, i, _) => weight[o * 4 + i]);
        AssertMerged(lora, Linear, Values(6), [6], (o, _, _) => bias[o], parameter: "bias");
    }

    [Fact]
    public void Difference_OfANorm_IsAddedToItsWeightAndBias()
    {
        using var scope = new TensorScope();
        var (weight, bias) = (Values(4), Values(4));
        var lora = Save(NormModule, (".w_norm", weight, [4]), (".b_norm", bias, [4]));

        AssertMerged(lora, Norm, Values(4), [4], (o, _, _) => weight[o]);
        AssertMerged(lora, Norm, Values(4), [4], (o, _, _) => bias[o], parameter: "bias");
        Assert.Equal("difference", lora.MergedOnly?.Kind);
    }

    [Fact]
    public void NewWeight_AtAnyStrength_TakesTheWeightsPlace()
    {
        using var scope = new TensorScope();
        var weight = Values(6, 4);
        var lora = Save(LinearModule, (".set_weight", weight, [6, 4]));

        Assert.Equal(weight, Merge(lora, Linear, Values(6, 4), [6, 4], 0.3).ToArray<float>());
    }

    [Theory]
    [InlineData("diffusion_model.")]
    [InlineData("")]
    public void NewWeight_OfAFluxNorm_IsFoundByItsWholeName(string prefix)
    {
        using var scope = new TensorScope();
        var scale = Values(4);
        var lora = Save(prefix + FluxNorm, (".set_weight", scale, [4]));

        var patcher = lora.For(FluxWithNorm, 1)!;

        Assert.Null(lora.DescribeUnmatched(FluxWithNorm));
        Assert.Equal(scale, patcher.Patch(FluxNorm, Tensor.Ones([4])).ToArray<float>());
    }

    [Fact]
    public void Generalized_Linear_AddsWhatTheWeightMakesOfA()
    {
        using var scope = new TensorScope();
        var (a1, a2, b1, b2) = (Values(4, 2), Values(2, 4), Values(6, 2), Values(2, 4));
        var lora = Save(
            LinearModule,
            (".a1.weight", a1, [4, 2]),
            (".a2.weight", a2, [2, 4]),
            (".b1.weight", b1, [6, 2]),
            (".b2.weight", b2, [2, 4]),
            (".alpha", [1f], [])
        );
        var weight = Values(6, 4);

        AssertMerged(
            lora,
            Linear,
            weight,
            [6, 4],
            (o, i, _) =>
                0.5
                * (
                    Dot(b1, b2, 2, 4, o, i)
                    + Enumerable.Range(0, 4).Sum(j => weight[o * 4 + j] * Dot(a1, a2, 2, 4, j, i))
                )
        );
    }

    [Fact]
    public void Orthogonal_Blocks_TurnRowsWithoutChangingTheirLength()
    {
        using var scope = new TensorScope();
        // One skew entry q: Cayley's transform is the turn by 2 atan(q).
        var lora = Save(LinearModule, (".oft_blocks", [0f, 0.3f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [3, 2, 2]));
        var weight = Values(6, 4);
        var (cos, sin) = (Math.Cos(2 * Math.Atan(0.3)), Math.Sin(2 * Math.Atan(0.3)));

        var merged = Merge(lora, Linear, weight, [6, 4], 1).ToArray<float>();

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(cos * weight[i] - sin * weight[4 + i], merged[i], 1e-5);
            Assert.Equal(sin * weight[i] + cos * weight[4 + i], merged[4 + i], 1e-5);
        }
        Assert.All(weight.Skip(8).Zip(merged.Skip(8)), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void Orthogonal_Butterfly_KeepsTheLengthOfEachColumn()
    {
        using var scope = new TensorScope();
        const string layer = "input_blocks.1.1.transformer_blocks.0.attn1.to_k";
        var target = Target("SD1.5", (layer, [8, 3]));
        var lora = Save(
            "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_k",
            (".oft_blocks", Values(2, 4, 2, 2), [2, 4, 2, 2]),
            (".rescale", [.. Enumerable.Repeat(2f, 8)], [8, 1])
        );
        var weight = Values(8, 3);

        var merged = lora.For(target, 1)!.Patch($"{layer}.weight", Tensor.From(weight, 8, 3)).ToArray<float>();

        for (var i = 0; i < 3; i++)
        {
            double Length(float[] values) => Math.Sqrt(Enumerable.Range(0, 8).Sum(o => Math.Pow(values[o * 3 + i], 2)));
            Assert.Equal(2 * Length(weight), Length(merged), 1e-4);
        }
        Assert.Contains(weight.Zip(merged), pair => Math.Abs(pair.First * 2 - pair.Second) > 1e-2);
    }

    [Theory]
    [InlineData(".dora_scale", true)]
    [InlineData(".dora_scale", false)]
    [InlineData(".lora_magnitude_vector", false)]
    [InlineData(".lora_magnitude_vector.default.weight", false)]
    public void Magnitudes_OfInputsOrOutputs_BringTheChangedWeightToTheirLengths(string suffix, bool ofInputs)
    {
        using var scope = new TensorScope();
        var (up, down) = (Values(6, 2), Values(2, 4));
        var magnitude = ofInputs ? Values(4) : Values(6);
        long[] shape =
            ofInputs ? [1, 4]
            : suffix == ".dora_scale" ? [6, 1]
            : [6];
        var lora = Save(
            LinearModule,
            (".lora_up.weight", up, [6, 2]),
            (".lora_down.weight", down, [2, 4]),
            (".alpha", [1f], []),
            (suffix, magnitude, shape)
        );
        var weight = Values(6, 4);
        double Changed(int o, int i) => weight[o * 4 + i] + 0.5 * Dot(up, down, 2, 4, o, i);
        double Decomposed(int o, int i)
        {
            var length = ofInputs
                ? Math.Sqrt(Enumerable.Range(0, 6).Sum(row => Math.Pow(Changed(row, i), 2)))
                : Math.Sqrt(Enumerable.Range(0, 4).Sum(column => Math.Pow(Changed(o, column), 2)));
            return magnitude[ofInputs ? i : o] * Changed(o, i) / length;
        }

        AssertMerged(lora, Linear, weight, [6, 4], (o, i, _) => Decomposed(o, i) - weight[o * 4 + i]);
        Assert.Equal("LoRA with DoRA", lora.MergedOnly?.Description);
    }

    [Fact]
    public void Magnitudes_OfAConvolution_TakeTheKernelWithTheOutputs()
    {
        using var scope = new TensorScope();
        var (difference, magnitude) = (Values(6, 4, 3, 3), Values(4));
        var lora = Save(
            ConvolutionModule,
            (".diff", difference, [6, 4, 3, 3]),
            (".dora_scale", magnitude, [1, 4, 1, 1])
        );
        var weight = Values(6, 4, 3, 3);
        double Changed(int o, int i, int k) => weight[(o * 4 + i) * 9 + k] + difference[(o * 4 + i) * 9 + k];

        AssertMerged(
            lora,
            Convolution,
            weight,
            [6, 4, 3, 3],
            (o, i, k) =>
                magnitude[i]
                    * Changed(o, i, k)
                    / Math.Sqrt(Enumerable.Range(0, 54).Sum(n => Math.Pow(Changed(n / 9, i, n % 9), 2)))
                - weight[(o * 4 + i) * 9 + k]
        );
    }

    [Fact]
    public void Magnitudes_OfAnotherLayer_AreRefusedByName()
    {
        using var scope = new TensorScope();
        var lora = Save(LinearModule, (".diff", Values(6, 4), [6, 4]), (".dora_scale", Values(5), [1, 5]));

        var error = Assert.Throws<LoraException>(() => Merge(lora, Linear, Values(6, 4), [6, 4], 1));

        Assert.Contains($"{LinearModule}.dora_scale", error.Message);
        Assert.Contains("[1, 5]", error.Message);
    }

    [Theory]
    [InlineData(".hada_w1_a", ".hada_w1_b", ".hada_w2_a", ".hada_w2_b", "LoHa")]
    [InlineData(".a1.weight", ".a2.weight", ".b1.weight", ".b2.weight", "GLoRA")]
    [InlineData(".lokr_w1_a", ".lokr_w1_b", ".lokr_w2_a", ".lokr_w2_b", "LoKr")]
    public void Compute_FactorsThatDoNotFit_AreRefusedByName(string a, string b, string c, string d, string kind)
    {
        using var scope = new TensorScope();
        var lora = Save(
            LinearModule,
            (a, Values(6, 3), [6, 3]),
            (b, Values(2, 4), [2, 4]),
            (c, Values(6, 3), [6, 3]),
            (d, Values(2, 4), [2, 4])
        );

        var error = Assert.Throws<LoraException>(() => Merge(lora, Linear, Values(6, 4), [6, 4], 1));

        Assert.Contains($"'{LinearModule}' ({kind})", error.Message);
    }

    [Fact]
    public void Open_IncompleteUpdateBesideAWholeOne_ReportsItsKeysOnce()
    {
        using var scope = new TensorScope();
        var lora = Save(
            LinearModule,
            (".lora_up.weight", Values(6, 1), [6, 1]),
            (".lora_down.weight", Values(1, 4), [1, 4]),
            (".hada_w1_a", Values(6, 1), [6, 1]),
            (".unheard_of", Values(1), [1])
        );

        Assert.Equal([$"{LinearModule}.hada_w1_a", $"{LinearModule}.unheard_of"], lora.OtherKeys.Order());
        Assert.Contains("2 of 3", lora.DescribeUnmatched(Sd15));
    }

    [Theory]
    [InlineData("LoHa")]
    [InlineData("LoKr")]
    [InlineData("difference")]
    public void Unmerged_FullRankUpdates_GiveWhatTheMergedWeightGives(string kind)
    {
        using var scope = new TensorScope();
        var lora = kind switch
        {
            "LoHa" => Save(
                ConvolutionModule,
                (".hada_w1_a", Values(6, 2), [6, 2]),
                (".hada_w1_b", Values(2, 36), [2, 36]),
                (".hada_w2_a", Values(6, 2), [6, 2]),
                (".hada_w2_b", Values(2, 36), [2, 36]),
                (".diff_b", Values(6), [6])
            ),
            "LoKr" => Save(
                ConvolutionModule,
                (".lokr_w1", Values(2, 2), [2, 2]),
                (".lokr_w2", Values(3, 2, 3, 3), [3, 2, 3, 3])
            ),
            _ => Save(ConvolutionModule, (".diff", Values(6, 4, 3, 3), [6, 4, 3, 3])),
        };
        Assert.Null(lora.MergedOnly);
        var (weight, bias) = (Tensor.From(Values(6, 4, 3, 3), 6, 4, 3, 3), Tensor.From(Values(6), 6));
        var x = Tensor.From(Values(2, 4, 5, 5), 2, 4, 5, 5);
        var patcher = lora.For(Sd15, 0.7)!;
        var merged = patcher.Patch($"{Convolution}.weight", weight);
        var mergedBias = patcher.Patches($"{Convolution}.bias") ? patcher.Patch($"{Convolution}.bias", bias) : bias;
        var expected = Functional.Conv2d(x, merged, mergedBias, padding: 1).ToArray<float>();

        using var adapter = new UnmergedAdapter(lora, Sd15, null, Device.Cpu);
        using var active = new LayerUpdates([(adapter, 0.7)]).Activate();
        var actual = LayerUpdates.AddConvolution(
            $"{Convolution}.weight",
            x,
            Functional.Conv2d(x, weight, bias, padding: 1),
            1,
            1
        );

        Assert.All(expected.Zip(actual.ToArray<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Unmerged_RowsOfAFusedLinear_GiveWhatTheMergedWeightGives()
    {
        using var scope = new TensorScope();
        var lora = Save(
            FusedModule,
            (".lokr_w1", Values(2, 2), [2, 2]),
            (".lokr_w2", Values(2, 2), [2, 2]),
            (".diff_b", Values(4), [4])
        );
        var (weight, bias) = (Tensor.From(Values(12, 4), 12, 4), Tensor.From(Values(12), 12));
        var x = Tensor.From(Values(3, 4), 3, 4);
        var patcher = lora.For(Flux, 0.7)!;
        var merged = (patcher.Patch($"{Fused}.weight", weight), patcher.Patch($"{Fused}.bias", bias));
        var expected = Functional.Linear(x, merged.Item1, merged.Item2).ToArray<float>();

        using var adapter = new UnmergedAdapter(lora, Flux, null, Device.Cpu);
        using var active = new LayerUpdates([(adapter, 0.7)]).Activate();
        var actual = LayerUpdates.AddLinear($"{Fused}.weight", x, Functional.Linear(x, weight, bias));

        Assert.All(expected.Zip(actual.ToArray<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Unmerged_Magnitudes_AreRefusedWithTheNodeThatTakesThem()
    {
        using var scope = new TensorScope();
        var lora = Save(LinearModule, (".diff", Values(6, 4), [6, 4]), (".dora_scale", Values(4), [1, 4]));

        var error = Assert.Throws<LoraException>(() => new UnmergedAdapter(lora, Sd15, null, Device.Cpu));

        Assert.Contains($"'{LinearModule}' (difference with DoRA)", error.Message);
        Assert.Contains("LoraLoader", error.Message);
    }

    /// <summary>At strengths 1 and 0.25: what is added is the strength times the change, to a part in a hundred thousand.</summary>
    private static void AssertMerged(
        LoraFile lora,
        string layer,
        float[] weight,
        long[] shape,
        Func<int, int, int, double> change,
        WeightTarget? target = null,
        string parameter = "weight"
    )
    {
        var (inputs, kernel) = (shape.Length > 1 ? (int)shape[1] : 1, shape.Length > 2 ? 9 : 1);
        foreach (var strength in new[] { 1, 0.25 })
        {
            var merged = Merge(lora, layer, weight, shape, strength, target, parameter).ToArray<float>();
            for (var index = 0; index < weight.Length; index++)
            {
                var (output, input) = (index / kernel / inputs, index / kernel % inputs);
                var expected = weight[index] + strength * change(output, input, index % kernel);
                Assert.Equal(expected, merged[index], 1e-5 * Math.Max(1, Math.Abs(expected)));
            }
        }
    }

    private static Tensor Merge(
        LoraFile lora,
        string layer,
        float[] weight,
        long[] shape,
        double strength,
        WeightTarget? target = null,
        string parameter = "weight"
    ) => lora.For(target ?? Sd15, strength)!.Patch($"{layer}.{parameter}", Tensor.From(weight, shape));

    // sum over r of left[o, r] right[r, i]
    private static double Dot(float[] left, float[] right, int rank, int inputs, int o, int i) =>
        Enumerable.Range(0, rank).Sum(r => (double)left[o * rank + r] * right[r * inputs + i]);

    // sum over a, b of core[a, b, k] left[a, p] right[b, r], of rank 2 and a kernel of 9
    private static double Tucker(float[] core, float[] left, float[] right, int p, int r, int k) =>
        Enumerable
            .Range(0, 4)
            .Sum(n =>
                (double)core[n * 9 + k] * left[n / 2 * (left.Length / 2) + p] * right[n % 2 * (right.Length / 2) + r]
            );

    private float[] Values(params int[] shape) =>
        [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => _random.NextSingle() * 2 - 1)];

    private LoraFile Save(string module, params (string Suffix, float[] Values, long[] Shape)[] tensors)
    {
        var path = _folder.File($"{Guid.NewGuid():N}.safetensors");
        SafetensorsWriter.Save(
            path,
            tensors.ToDictionary(tensor => module + tensor.Suffix, tensor => Tensor.From(tensor.Values, tensor.Shape))
        );
        return LoraFile.Open(path);
    }

    private static WeightTarget Target(string part, params (string Layer, long[] Shape)[] layers) =>
        new(
            ModelRole.Diffusion,
            part,
            layers
                .SelectMany(layer =>
                    new[]
                    {
                        ($"{layer.Layer}.weight", new WeightInfo(DType.Float32, layer.Shape)),
                        ($"{layer.Layer}.bias", new WeightInfo(DType.Float32, [layer.Shape[0]])),
                    }
                )
                .ToDictionary(pair => pair.Item1, pair => pair.Item2)
        );
}
