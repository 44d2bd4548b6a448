using NodeHost.Diffusion.Sampling.Noise;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Sampling;

[AssertNoLeakedTensors]
public sealed class NoiseGoldenTests
{
    [GoldenFact]
    public void Prepare_EveryRecordedNoise_IsBitExact()
    {
        using var file = GoldenSampling.Open("noise");
        foreach (var golden in GoldenSampling.Cases("noise"))
        {
            using var expected = file.Load((string)golden["i"]!);
            using var actual = InitialNoise.Prepare(
                golden["shape"]!.ToObject<long[]>()!,
                (ulong)golden["seed"]!,
                golden["batch_index"]?.ToObject<long[]?>()
            );
            Assert.True(expected.IsEqualTo(actual), $"case {golden["i"]}");
        }
    }
}
