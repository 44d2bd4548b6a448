using Newtonsoft.Json.Linq;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Sampling;

/// <summary>ComfyUI's recorded schedules, noise and trajectories.</summary>
internal static class GoldenSampling
{
    public static IEnumerable<JObject> Cases(string group)
    {
        var text = File.ReadAllText(Golden.PathOf($"public/{group}.json"));
        return JObject.Parse(text)["cases"]!.Cast<JObject>();
    }

    public static SafetensorsFile Open(string group) =>
        SafetensorsFile.Open(Golden.PathOf($"public/{group}.safetensors"));

    /// <summary>Largest difference over the expected tensor's standard deviation; infinite where one is not finite alone.</summary>
    public static double Difference(Tensor expected, Tensor actual)
    {
        var (left, right) = (expected.ToArray<float>(), actual.ToArray<float>());
        if (left.Length != right.Length)
        {
            return double.PositiveInfinity;
        }
        var mean = left.Average();
        var deviation = Math.Sqrt(left.Sum(value => (value - mean) * (value - mean)) / (left.Length - 1));
        var worst = 0.0;
        for (var index = 0; index < left.Length; index++)
        {
            if (float.IsFinite(left[index]) != float.IsFinite(right[index]))
            {
                return double.PositiveInfinity;
            }
            if (float.IsFinite(left[index]))
            {
                worst = Math.Max(worst, Math.Abs((double)left[index] - right[index]));
            }
        }
        return worst / deviation;
    }
}
