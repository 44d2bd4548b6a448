using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Sampling;

[AssertNoLeakedTensors]
public sealed class ScheduleGoldenTests
{
    private const double Tolerance = 1e-6;

    [GoldenFact]
    public void Compute_EveryRecordedSchedule_GivesComfySigmas()
    {
        using var file = GoldenSampling.Open("sigmas");
        var failures = new List<string>();
        foreach (var golden in GoldenSampling.Cases("sigmas"))
        {
            var key = (string)golden["key"]!;
            var sampler = SamplerCatalogue.Get((string)golden["sampler"]!);
            var actual = ScheduleCatalogue.Compute(
                ScheduleCatalogue.Get((string)golden["scheduler"]!),
                RecordedModelSampling.Of((string)golden["model"]!),
                (int)golden["steps"]!,
                (double)golden["denoise"]!,
                sampler.DropsPenultimateSigma
            );
            Compare(failures, key, Read(file, key), actual);
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [GoldenFact]
    public void Sigmas_EveryModelTable_GivesComfyTable()
    {
        using var file = GoldenSampling.Open("sigmas");
        var failures = new List<string>();
        foreach (var key in file.Entries.Keys.Where(key => key.EndsWith("|table", StringComparison.Ordinal)))
        {
            Compare(failures, key, Read(file, key), [.. RecordedModelSampling.Of(key.Split('|')[0]).Sigmas]);
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    private static float[] Read(NodeHost.Tensors.Safetensors.SafetensorsFile file, string key)
    {
        using var tensor = file.Load(key);
        return tensor.ToArray<float>();
    }

    private static void Compare(List<string> failures, string key, float[] expected, float[] actual)
    {
        if (expected.Length != actual.Length)
        {
            failures.Add($"{key}: expected {expected.Length} sigmas, got {actual.Length}");
            return;
        }
        for (var index = 0; index < expected.Length; index++)
        {
            var (left, right) = (expected[index], actual[index]);
            var equal = float.IsNaN(left)
                ? float.IsNaN(right)
                : Math.Abs(left - right) <= Tolerance * Math.Abs((double)left);
            if (!equal)
            {
                failures.Add($"{key}[{index}]: expected {left:R}, got {right:R}");
                return;
            }
        }
    }
}
