using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
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

    public static ModelSampling Model(string name) =>
        name switch
        {
            "sd15_eps" or "eps" => new DiscreteModelSampling(new EpsPrediction()),
            "vpred_zsnr" => DiscreteModelSampling.WithZeroTerminalSnr(new VelocityPrediction()),
            "sd3_shift3" or "flow" => new DiscreteFlowModelSampling(3),
            "schnell_shift1" => new DiscreteFlowModelSampling(1, 1),
            "flux_shift1.15" => new FluxModelSampling(1.15),
            "flux_node_256x256" => new FluxModelSampling(FluxModelSampling.ShiftFor(1.15, 0.5, 256, 256)),
            "flux_node_1024x768" => new FluxModelSampling(FluxModelSampling.ShiftFor(1.15, 0.5, 1024, 768)),
            _ => throw new ArgumentException($"golden model '{name}' is not known to the tests"),
        };

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
