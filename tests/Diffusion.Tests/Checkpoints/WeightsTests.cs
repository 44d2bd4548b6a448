using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Checkpoints;

[AssertNoLeakedTensors]
public sealed class WeightsTests
{
    [Fact]
    public void Tensor_KeyMissing_NamesFileFullKeyShapeAndNearest()
    {
        using var source = new FakeSource("model.safetensors").Add("unet.down.0.weigth", Tensor.Ones([2, 3]));
        using var weights = new WeightSet(source, prefix: "unet.");

        var error = Assert.Throws<WeightException>(() => weights.Root["down"][0].Tensor("weight", 2, 3));

        Assert.Contains("model.safetensors", error.Message);
        Assert.Contains("'unet.down.0.weight' [2, 3] is missing", error.Message);
        Assert.Contains("'unet.down.0.weigth' [2, 3] f32", error.Message);
    }

    [Fact]
    public void Tensor_OtherShape_NamesExpectedAndFound()
    {
        using var source = new FakeSource("m").Add("a", Tensor.Ones([2, 3]));
        using var weights = new WeightSet(source);

        var error = Assert.Throws<WeightException>(() => weights.Root.Tensor("a", 3, 2));

        Assert.Contains("'a' must be [3, 2], found [2, 3] f32", error.Message);
    }

    [Fact]
    public void LeftOver_SomeKeysNeverAskedFor_ListsThoseUnderThePrefix()
    {
        using var source = new FakeSource("m")
            .Add("p.a", Tensor.Ones([1]))
            .Add("p.b", Tensor.Ones([1]))
            .Add("other", Tensor.Ones([1]));
        using var weights = new WeightSet(source, prefix: "p.");

        weights.Root.Tensor("a", 1);

        Assert.Equal(["p.b"], weights.LeftOver);
        Assert.Equal(1, weights.Asked["p.a"]);
    }

    [Fact]
    public void Tensor_StoredInTheWantedType_IsNotCopied()
    {
        using var source = new FakeSource("m").Add("a", Tensor.Ones([4]));
        using var weights = new WeightSet(source);
        using var stored = source.Read("a");

        Assert.Equal(stored.DataPointer, weights.Root.Tensor("a", 4).Value.DataPointer);
    }

    [Fact]
    public void Tensor_StoredInAnotherType_IsCast()
    {
        using var source = new FakeSource("m");
        using (new TensorScope())
        {
            source.Add("a", Tensor.From([0.1f], 1).To(DType.Float16));
            source.Add("ids", Tensor.From([7L], 1));
        }
        using var weights = new WeightSet(source);

        Assert.Equal(DType.Float32, weights.Root.Tensor("a", 1).Value.DType);
        Assert.Equal(DType.Int64, weights.Root.Tensor("ids", 1).Value.DType);
    }

    [Fact]
    public void Tensor_TextEncoderStorageAndPatch_RoundsBeforeAndAfterMerging()
    {
        using var scope = new TensorScope();
        using var source = new FakeSource("m").Add("a", Tensor.From([0.1f], 1));
        using var weights = new WeightSet(source, DType.Float16, patcher: new AddTenth());

        var merged = weights.Root.Tensor("a", 1).Value;

        Assert.Equal(DType.Float16, merged.DType);
        Assert.Equal((float)(Half)((float)(Half)0.1f + 0.1f), merged.ToArray<float>()[0]);
    }

    [Fact]
    public void Tensor_ShapeSource_StaysOnTheMetaDevice()
    {
        var entries = new Dictionary<string, WeightInfo> { ["a"] = new(DType.BFloat16, [1 << 20, 1 << 20]) };
        using var weights = new WeightSet(new ShapeSource("m", entries));

        Assert.True(weights.Root.Tensor("a", 1 << 20, 1 << 20).Value.Device.IsMeta);
    }

    private sealed class AddTenth : IWeightPatcher
    {
        public bool Patches(string name) => name == "a";

        public Tensor Patch(string name, Tensor weight) => weight + 0.1;
    }
}
