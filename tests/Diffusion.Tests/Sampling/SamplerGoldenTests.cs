using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Noise;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Diffusion.Sampling;

[AssertNoLeakedTensors]
public sealed class SamplerGoldenTests
{
    private const double Tolerance = 1e-4;

    [GoldenFact]
    public void Sample_EveryRecordedRun_GivesComfyTrajectory()
    {
        using var file = GoldenSampling.Open("samplers");
        var failures = new List<string>();
        foreach (var golden in GoldenSampling.Cases("samplers"))
        {
            var key = (string?)golden["key"] ?? $"{golden["space"]}|{golden["sampler"]}";
            try
            {
                Run(file, golden, key, failures);
            }
            catch (Exception problem) when (problem is TensorException or ArgumentException)
            {
                failures.Add($"{key}: {problem.Message}");
            }
        }
        Assert.True(failures.Count == 0, $"{failures.Count} failures\n" + string.Join("\n", failures));
    }

    private static void Run(SafetensorsFile file, JObject golden, string key, List<string> failures)
    {
        using var scope = new TensorScope();
        var sampling = RecordedModelSampling.Of((string)golden["space"]!);
        var sampler = SamplerCatalogue.Get((string)golden["sampler"]!);
        var seed = (ulong)golden["seed"]!;
        var shape = golden["shape"]!.ToObject<long[]>()!;
        var kind = (string?)golden["kind"];
        var latent = kind is null ? Tensor.Zeros(shape) : file.Load("img2img_latent");
        var seenX = new List<Tensor>();
        var seenDenoised = new List<Tensor>();
        var result = new Trajectory
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
            Latent = latent,
            Seed = seed,
            Mask = kind == "masked" ? DenoiseMask.Prepare(file.Load("mask"), shape) : null,
            Callback = step =>
            {
                using var _ = TensorScope.Suspend();
                seenX.Add(step.X.Clone());
                seenDenoised.Add(step.Denoised.Clone());
            },
        }.Run();
        Compare(failures, key, file.Load(key), result);
        if (file.Contains($"{key}|x"))
        {
            Compare(failures, $"{key}|x", file.Load($"{key}|x"), Tensor.Stack([.. seenX], 0));
            Compare(failures, $"{key}|denoised", file.Load($"{key}|denoised"), Tensor.Stack([.. seenDenoised], 0));
        }
        seenX.ForEach(tensor => tensor.Dispose());
        seenDenoised.ForEach(tensor => tensor.Dispose());
    }

    private static void Compare(List<string> failures, string key, Tensor expected, Tensor actual)
    {
        var difference = GoldenSampling.Difference(expected, actual);
        if (!(difference <= Tolerance))
        {
            failures.Add($"{key}: {difference:E2} of the standard deviation; {expected} against {actual}");
        }
    }
}
