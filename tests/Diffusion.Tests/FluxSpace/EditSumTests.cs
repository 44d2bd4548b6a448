using NodeHost.Diffusion.FluxSpace;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.FluxSpace;

/// <summary>The arithmetic of a site against the same in double precision.</summary>
[AssertNoLeakedTensors]
public sealed class EditSumTests
{
    [Theory]
    [InlineData(DType.Float32, 23)]
    [InlineData(DType.BFloat16, 7)]
    [InlineData(DType.Float16, 10)]
    public void Steer_AnyPrecision_RoundsOnce(DType type, int bits)
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        Tensor[] prompts = [.. Enumerable.Range(0, 4).Select(_ => Values())];
        double[] weights = [0.35, 0.15, -0.12, 0.27];
        const double total = 0.65;
        var attention = Values();

        using var sum = new EditSum();
        foreach (var (prompt, weight) in prompts.Zip(weights))
        {
            sum.Add(prompt, weight);
        }
        var steered = sum.Steer(attention, total);

        Assert.Equal(type, steered.DType);
        var (own, actual) = (Floats(attention), Floats(steered));
        var all = prompts.Select(Floats).ToArray();
        // Half a unit in the last place, and what float32 on the way adds to it.
        var allowed = Math.Pow(2, -bits - 1) + (type == DType.Float32 ? 8 : 1e-3) * Math.Pow(2, -23);
        for (var index = 0; index < own.Length; index++)
        {
            var mixed = all.Zip(weights, (values, weight) => weight * values[index]).Sum();
            var expected = own[index] + (mixed - (total * own[index]));
            var size = Math.Max(Math.Abs(expected), type == DType.Float32 ? 4 : 0.01);
            Assert.True(
                Math.Abs(expected - actual[index]) <= allowed * 1.01 * size + 1e-6,
                $"{index}: {expected} {actual[index]}"
            );
        }

        Tensor Values() => Tensor.Randn([2, 3, 64], generator).To(type);
        static float[] Floats(Tensor tensor) => tensor.To(DType.Float32).ToArray<float>();
    }

    [Fact]
    public void SteerAside_PromptAlongTheNeutralOne_AddsNothing()
    {
        using var scope = new TensorScope();
        var (attention, neutral) = (Tensor.From([1f, 2, 3, 4], 1, 2, 2), Tensor.From([1f, 1, 0, 2], 1, 2, 2));
        using var sum = new EditSum();
        sum.Add(neutral * 3, 0.5);

        Assert.All(
            attention.ToArray<float>().Zip(sum.SteerAside(attention, neutral).ToArray<float>()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-6f)
        );
    }

    [Fact]
    public void SteerAside_AnyPrompt_AddsItsOrthogonalPartByToken()
    {
        using var scope = new TensorScope();
        var attention = Tensor.Zeros([1, 2, 2]);
        using var sum = new EditSum();
        sum.Add(Tensor.From([3f, 4, 5, 6], 1, 2, 2), 0.5);

        // (3, 4) without its part along (1, 0), and (5, 6) without its part along (1, 1); a neutral 0 has no direction.
        Assert.Equal(
            [0, 2, -0.25f, 0.25f],
            sum.SteerAside(attention, Tensor.From([1f, 0, 1, 1], 1, 2, 2)).ToArray<float>()
        );
        Assert.Equal([1.5f, 2, 2.5f, 3], sum.SteerAside(attention, Tensor.Zeros([1, 2, 2])).ToArray<float>());
    }
}
