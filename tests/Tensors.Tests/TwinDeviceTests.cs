using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Tensors;

/// <summary>What tests of devices stand on: the twin computes as the CPU does, and refuses what CUDA refuses.</summary>
[AssertNoLeakedTensors]
public sealed class TwinDeviceTests
{
    [Fact]
    public void Device_OfTheTwin_HasLibtorchsName()
    {
        Assert.StartsWith("privateuseone", TwinDevice.Device.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, TorchRuntime.CountDevices(TwinDevice.Device));
        Assert.False(TwinDevice.Device.IsCpu || TwinDevice.Device.IsCuda || TwinDevice.Device.IsMeta);
    }

    [Fact]
    public void Operators_OnTheTwin_GiveTheCpusBits()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        var x = Tensor.Randn([2, 8, 5, 6], generator);
        var kernel = Tensor.Randn([4, 8, 3, 3], generator);
        var weight = Tensor.Randn([7, 6], generator);

        Assert.Equal(Compute(x, kernel, weight), Compute(Move(x), Move(kernel), Move(weight)));

        static float[] Compute(Tensor x, Tensor kernel, Tensor weight)
        {
            var convolved = Functional.Silu(Functional.Conv2d(x, kernel, padding: 1));
            var normed = Functional.LayerNorm(Functional.GroupNorm(convolved, 2, null, null, 1e-5), null, null);
            var projected = Functional.Linear(normed, weight).Softmaxed();
            var joined = Tensor.Concat([projected, projected.Flip(3)], 1).Permute(0, 2, 3, 1);
            var picked = joined.Slice(1, 1, 4).IndexSelect(3, Tensor.Arange(0, 8, 2, DType.Int64, joined.Device));
            picked.Select(0, 0).MultiplyInPlace(2);
            return (picked.Mean([2]) + joined.Std()).ToArray<float>();
        }

        static Tensor Move(Tensor x) => x.To(TwinDevice.Device);
    }

    [Fact]
    public void Operators_OverTwoDevices_AreRefused()
    {
        using var scope = new TensorScope();
        var here = Tensor.Ones([3]);
        var there = here.To(TwinDevice.Device);

        Assert.ThrowsAny<TensorException>(() => here + there);
        Assert.ThrowsAny<TensorException>(() => Tensor.Concat([there, here], 0));
        Assert.ThrowsAny<TensorException>(() => there.Reshape(1, 3).IndexSelect(1, Tensor.From([0L], 1)));
        Assert.ThrowsAny<TensorException>(() => Functional.Linear(there, Tensor.Ones([2, 3])));
        Assert.Equal([2f, 2, 2], (there + Tensor.FromScalar(1)).ToArray<float>());
    }

    [Fact]
    public void LiveBytes_FollowTensors()
    {
        var before = TwinDevice.LiveBytes;
        using (var scope = new TensorScope())
        {
            var there = Tensor.Ones([1000], device: TwinDevice.Device);
            Assert.Equal(before + 4000, TwinDevice.LiveBytes);
            there.Slice(0, 10, 20);
            Assert.Equal(before + 4000, TwinDevice.LiveBytes);
        }
        Assert.Equal(before, TwinDevice.LiveBytes);
    }
}

file static class Softmaxing
{
    public static Tensor Softmaxed(this Tensor x) => Functional.Softmax(x);
}
