using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Noise;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Golden.Comparison;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Golden.Groups;

/// <summary>Every sampler on an analytic denoiser: the result, and what the callback sees at each step.</summary>
internal sealed class SamplersGroup : IGoldenGroup
{
    private const double Tolerance = 1e-4;

    public string Name => "samplers";

    public string Marker => "samplers.json";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        using var file = SafetensorsFile.Open(folder.PathOf("samplers.safetensors"));
        foreach (var golden in GoldenFolder.ReadJson(folder.PathOf(Marker))["cases"]!)
        {
            var key = (string?)golden["key"] ?? $"{golden["space"]}|{golden["sampler"]}";
            if (wanted(key))
            {
                yield return GoldenResult.Guard(key, () => Check(key, golden, file));
            }
        }
    }

    private static GoldenResult Check(string key, JToken golden, SafetensorsFile file)
    {
        using var scope = new TensorScope();
        var seenX = new List<Tensor>();
        var seenDenoised = new List<Tensor>();
        var result = Trajectory(golden, file, seenX, seenDenoised).Run();
        var error = TensorComparison.ErrorOverStandardDeviation(result, file.Load(key));
        if (file.Contains($"{key}|x"))
        {
            error = Math.Max(error, ErrorOfSteps(seenX, file.Load($"{key}|x")));
            error = Math.Max(error, ErrorOfSteps(seenDenoised, file.Load($"{key}|denoised")));
        }
        return GoldenResult.OfError(key, error, Tolerance);
    }

    private static double ErrorOfSteps(List<Tensor> seen, Tensor expected)
    {
        var error = TensorComparison.ErrorOverStandardDeviation(Tensor.Stack([.. seen], 0), expected);
        seen.ForEach(tensor => tensor.Dispose());
        return error;
    }

    private static Trajectory Trajectory(
        JToken golden,
        SafetensorsFile file,
        List<Tensor> seenX,
        List<Tensor> seenDenoised
    )
    {
        var sampling = RecordedModelSampling.Of((string)golden["space"]!);
        var sampler = SamplerCatalogue.Get((string)golden["sampler"]!);
        var seed = golden["seed"]!.ToObject<ulong>();
        var shape = golden["shape"]!.ToObject<long[]>()!;
        var kind = (string?)golden["kind"];
        return new Trajectory
        {
            Sampler = sampler,
            Denoiser = new AnalyticDenoiser(sampling, (double)golden["cfg"]!),
            Sigmas = ScheduleCatalogue.Compute(
                ScheduleCatalogue.Get((string)golden["scheduler"]!),
                sampling,
                (int)golden["steps"]!,
                (double?)golden["denoise"] ?? 1,
                sampler.DropsPenultimateSigma
            ),
            Noise = InitialNoise.Prepare(shape, seed),
            Latent = kind is null ? Tensor.Zeros(shape) : file.Load("img2img_latent"),
            Seed = seed,
            Mask = kind == "masked" ? DenoiseMask.Prepare(file.Load("mask"), shape) : null,
            Callback = step =>
            {
                using var untracked = TensorScope.Suspend();
                seenX.Add(step.X.Clone());
                seenDenoised.Add(step.Denoised.Clone());
            },
        };
    }
}
