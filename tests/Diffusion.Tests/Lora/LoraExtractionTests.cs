using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Merging;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Diffusion.Merging;

namespace NodeHost.Tests.Diffusion.Lora;

[AssertNoLeakedTensors]
public sealed class LoraExtractionTests : IDisposable
{
    private readonly TwoModels _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public void Decompose_MatrixOfThatRank_IsReproduced()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(5);
        var matrix = Functional.Matmul(Tensor.Randn([40, 3], generator), Tensor.Randn([3, 30], generator));

        var (up, down) = LoraExtraction.Decompose(matrix, rank: 6);

        Assert.Equal([40, 6], up.Shape.ToArray());
        Assert.Equal([6, 30], down.Shape.ToArray());
        // One in a hundred of the factors' numbers is clamped.
        var error = (Functional.Matmul(up, down) - matrix).Std().Item() / matrix.Std().Item();
        Assert.True(error < 0.2, $"{error}");
    }

    [Fact]
    public void Decompose_Convolution_KeepsItsKernelInTheFirstFactor()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(5);

        var (up, down) = LoraExtraction.Decompose(Tensor.Randn([8, 4, 3, 3], generator), rank: 16);

        Assert.Equal([8, 4, 1, 1], up.Shape.ToArray());
        Assert.Equal([4, 4, 3, 3], down.Shape.ToArray());
    }

    [Fact]
    public void Extract_WholeDifference_LeadsFromOneModelToTheOther()
    {
        using var scope = new TensorScope();
        var difference = ModelMerge.Subtract(_models.Second.Model, _models.First.Model, 1);
        var extraction = new LoraExtraction { Rank = 1, IsFullDifference = true };

        var applied = Apply(extraction.Extract(difference, null));

        foreach (var (name, weight) in TwoModels.WeightsOf(applied))
        {
            var wanted = TwoModels.WeightsOf(_models.Second.Model)[name];
            Assert.True((weight - wanted).Abs().Max().Item() < 1e-3, name);
        }
    }

    [Fact]
    public void Extract_EnoughRank_LeadsMostOfTheWay()
    {
        using var scope = new TensorScope();
        var difference = ModelMerge.Subtract(_models.Second.Model, _models.First.Model, 1);

        var applied = TwoModels.WeightsOf(Apply(new LoraExtraction { Rank = 32 }.Extract(difference, null)));

        var (first, second) = (TwoModels.WeightsOf(_models.First.Model), TwoModels.WeightsOf(_models.Second.Model));
        const string layer = "middle_block.1.proj_in.weight";
        var (way, left) = ((second[layer] - first[layer]).Std().Item(), (second[layer] - applied[layer]).Std().Item());
        Assert.True(left < 0.3 * way, $"{left} of {way}");
        const string bias = "middle_block.1.proj_in.bias";
        Assert.True((applied[bias] - second[bias]).Abs().Max().Item() < 1e-3);
    }

    [Fact]
    public void Extract_NoBiases_WritesMatricesOnly()
    {
        using var scope = new TensorScope();
        var difference = ModelMerge.Subtract(_models.Second.Clip!, _models.First.Clip!, 1);

        var tensors = new LoraExtraction { Rank = 2, WritesBiases = false }.Extract(null, difference);

        Assert.All(tensors.Keys, key => Assert.Matches(@"\.lora_(up|down)\.weight$", key));
        Assert.All(tensors.Values, tensor => Assert.Equal(DType.Float16, tensor.DType));
        Assert.Contains(
            "text_encoders.clip_g.transformer.text_model.encoder.layers.0.mlp.fc1.lora_up.weight",
            tensors.Keys
        );
        var lora = LoraFile.Open(Save(tensors));
        Assert.Null(lora.DescribeUnmatched([.. _models.First.Clip!.Encoder.Targets]));
    }

    private DiffusionModel Apply(IReadOnlyDictionary<string, Tensor> tensors)
    {
        var lora = _models.Store.LoadLora(Save(tensors));
        Assert.Null(lora.DescribeUnmatched([.. _models.First.Model.Source.Targets]));
        return _models.First.Model with { Patches = [new(lora, 1)] };
    }

    private string Save(IReadOnlyDictionary<string, Tensor> tensors)
    {
        var path = _models.PathOf("lora");
        SafetensorsWriter.Save(path, tensors);
        return path;
    }
}
