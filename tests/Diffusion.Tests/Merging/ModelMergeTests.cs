using NodeHost.Diffusion.Merging;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Merging;

[AssertNoLeakedTensors]
public sealed class ModelMergeTests : IDisposable
{
    private readonly TwoModels _models = new();

    public void Dispose() => _models.Dispose();

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.0)]
    public void Mix_WhollyOneModel_IsThatModelBitForBit(double ratio)
    {
        using var scope = new TensorScope();
        var whole = ratio == 1 ? _models.First : _models.Second;

        AssertSame(
            TwoModels.WeightsOf(whole.Model),
            TwoModels.WeightsOf(ModelMerge.Mix(_models.First.Model, _models.Second.Model, ratio))
        );
        AssertSame(
            TwoModels.WeightsOf(whole.Clip!),
            TwoModels.WeightsOf(ModelMerge.Mix(_models.First.Clip!, _models.Second.Clip!, ratio)),
            except: "logit_scale"
        );
    }

    [Fact]
    public void Mix_Share_IsTheWeightedMean() =>
        Check(ModelMerge.Mix(First, Second, 0.25), (first, second) => (first * 0.25) + (second * 0.75));

    [Fact]
    public void Subtract_Multiplier_ScalesTheDifference() =>
        Check(ModelMerge.Subtract(First, Second, -1.5), (first, second) => (first * -1.5) + (second * 1.5));

    [Fact]
    public void Add_Models_IsTheSum() => Check(ModelMerge.Add(First, Second), (first, second) => first + second);

    [Fact]
    public void Mix_OtherModelIsMergedToo_TakesItsMergedWeights() =>
        Check(
            ModelMerge.Add(First, ModelMerge.Subtract(Second, First, 0.5)),
            (first, second) => first + ((second * 0.5) - (first * 0.5))
        );

    [Fact]
    public void Mix_ModelIsMergedAlready_ScalesTheMergedWeights() =>
        Check(
            ModelMerge.Mix(ModelMerge.Add(First, Second), Second, 0.5),
            (first, second) => ((first + second) * 0.5) + (second * 0.5)
        );

    [Fact]
    public void Mix_Blocks_LongestNameCounts()
    {
        using var scope = new TensorScope();
        var ratios = new BlockRatios([new("input", 1), new("input_blocks.1", 0), new("middle_block.1.", 0.5)]);
        var (first, second) = (TwoModels.WeightsOf(First), TwoModels.WeightsOf(Second));

        var merged = TwoModels.WeightsOf(ModelMerge.Mix(First, Second, ratios));

        Assert.True(merged["input_blocks.0.0.weight"].IsEqualTo(first["input_blocks.0.0.weight"]));
        Assert.True(merged["out.2.weight"].IsEqualTo(first["out.2.weight"]));
        Assert.True(
            merged["input_blocks.1.0.in_layers.2.weight"].IsEqualTo(second["input_blocks.1.0.in_layers.2.weight"])
        );
        const string middle = "middle_block.1.proj_in.weight";
        Assert.True(merged[middle].IsEqualTo((first[middle] * 0.5) + (second[middle] * 0.5)));
    }

    [Fact]
    public void Mix_MergedNetwork_PredictsWithTheMergedWeights()
    {
        using var models = new TwoModels();
        using var scope = new TensorScope();
        var (first, second) = (models.First.Model, models.Second.Model);
        var merged = ModelMerge.Mix(first, second, 0.0);

        Assert.True(Predict(second).IsEqualTo(Predict(merged)));
        Assert.False(Predict(first).IsEqualTo(Predict(merged)));
        Assert.Null(ModelMerge.DescribeUnmatched(merged));
    }

    [Fact]
    public void Mix_ClipOfBoth_KeepsNumbersThatBelongToNoLayer()
    {
        using var scope = new TensorScope();
        var (first, second) = (TwoModels.WeightsOf(_models.First.Clip!), TwoModels.WeightsOf(_models.Second.Clip!));

        var merged = TwoModels.WeightsOf(ModelMerge.Mix(_models.First.Clip!, _models.Second.Clip!, 0.5));

        const string layer = "clip_g.text_model.encoder.layers.1.mlp.fc1.weight";
        var mean = (first[layer].To(DType.Float32) * 0.5) + (second[layer].To(DType.Float32) * 0.5);
        Assert.True(merged[layer].IsEqualTo(mean.To(DType.Float16)));
        Assert.True(merged["clip_g.logit_scale"].IsEqualTo(first["clip_g.logit_scale"]));
        Assert.False(first["clip_g.logit_scale"].IsEqualTo(second["clip_g.logit_scale"]));
    }

    [Fact]
    public void Mix_OtherClipIsMergedToo_RoundsOnceAtTheEnd()
    {
        using var scope = new TensorScope();
        const string layer = "clip_l.text_model.encoder.layers.0.mlp.fc1.weight";
        var first = TwoModels.WeightsOf(_models.First.Clip!)[layer].To(DType.Float32);
        var second = TwoModels.WeightsOf(_models.Second.Clip!)[layer].To(DType.Float32);
        var inner = ModelMerge.Mix(_models.First.Clip!, _models.Second.Clip!, 0.3);

        var merged = TwoModels.WeightsOf(ModelMerge.Mix(_models.First.Clip!, inner, 0.6))[layer];

        var exact = (first * 0.6) + (((first * 0.3) + (second * 0.7)) * 0.4);
        var twice = (first * 0.6) + (((first * 0.3) + (second * 0.7)).To(DType.Float16).To(DType.Float32) * 0.4);
        Assert.True(Differences(merged, exact) < Differences(merged, twice));
        Assert.InRange(Differences(merged, exact), 0, 2);
    }

    private static int Differences(Tensor weight, Tensor expected) =>
        weight.ToArray<Half>().Zip(expected.To(DType.Float16).ToArray<Half>()).Count(pair => pair.First != pair.Second);

    private DiffusionModel First => _models.First.Model;

    private DiffusionModel Second => _models.Second.Model;

    private static Tensor Predict(DiffusionModel model)
    {
        using var generator = new Generator(4);
        var input = new NetworkInput
        {
            Context = Tensor.Randn([1, 3, 64], generator),
            Pooled = Tensor.Randn([1, (6 * 256) + 32], generator),
        };
        return model
            .Source.Load(model.Patches)
            .Forward(Tensor.Randn([1, 4, 16, 16], generator), Tensor.Full([1], 500), input);
    }

    private void Check(DiffusionModel merged, Func<Tensor, Tensor, Tensor> formula)
    {
        using var scope = new TensorScope();
        var (first, second, actual) = (
            TwoModels.WeightsOf(First),
            TwoModels.WeightsOf(Second),
            TwoModels.WeightsOf(merged)
        );
        Assert.Equal(first.Count, actual.Count);
        foreach (var (name, weight) in actual)
        {
            var expected = formula(first[name], second[name]);
            Assert.True((weight - expected).Abs().Max().Item() < 1e-6, name);
        }
        Assert.False(actual["out.2.weight"].IsEqualTo(first["out.2.weight"]));
    }

    private static void AssertSame(
        Dictionary<string, Tensor> expected,
        Dictionary<string, Tensor> actual,
        string except = "?"
    )
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(
            expected.Where(weight => !weight.Key.EndsWith(except, StringComparison.Ordinal)),
            weight => Assert.True(weight.Value.IsEqualTo(actual[weight.Key]), weight.Key)
        );
    }
}
