using NodeHost.Diffusion.Sampling.Samplers;

namespace NodeHost.Diffusion.Sampling;

/// <summary>All samplers by name with their default options, in ComfyUI's order.</summary>
public static class SamplerCatalogue
{
    public static IReadOnlyList<ISampler> All { get; } =
    [
        new EulerSampler(),
        new EulerAncestralCfgPlusPlusSampler("euler_cfg_pp", eta: 0),
        new EulerAncestralSampler(),
        new EulerAncestralCfgPlusPlusSampler(),
        new HeunSampler(),
        new HeunPlusPlusSampler(),
        new Dpm2Sampler(),
        new Dpm2AncestralSampler(),
        new LinearMultistepSampler(),
        new DpmFastSampler(),
        new DpmAdaptiveSampler(),
        new DpmPlusPlus2SAncestralSampler(),
        new DpmPlusPlus2SAncestralCfgPlusPlusSampler(),
        new DpmPlusPlusSdeSampler(),
        new DpmPlusPlusSdeSampler("dpmpp_sde_gpu"),
        new DpmPlusPlus2MSampler(),
        new DpmPlusPlus2MCfgPlusPlusSampler(),
        new DpmPlusPlus2MSdeSampler(),
        new DpmPlusPlus2MSdeSampler("dpmpp_2m_sde_gpu"),
        new DpmPlusPlus2MSdeSampler("dpmpp_2m_sde_heun", heun: true),
        new DpmPlusPlus2MSdeSampler("dpmpp_2m_sde_heun_gpu", heun: true),
        new DpmPlusPlus3MSdeSampler(),
        new DpmPlusPlus3MSdeSampler("dpmpp_3m_sde_gpu"),
        new DdpmSampler(),
        new LcmSampler(),
        new IpndmSampler(),
        new IpndmVariableSampler(),
        new DeisSampler(),
        new ResMultistepSampler("res_multistep", eta: 0),
        new ResMultistepSampler("res_multistep_cfg_pp", eta: 0, cfgPlusPlus: true),
        new ResMultistepSampler("res_multistep_ancestral"),
        new ResMultistepSampler("res_multistep_ancestral_cfg_pp", cfgPlusPlus: true),
        new GradientEstimationSampler(),
        new GradientEstimationSampler("gradient_estimation_cfg_pp", cfgPlusPlus: true),
        new ErSdeSampler(),
        new Seeds2Sampler(),
        new Seeds3Sampler(),
        new SaSolverSampler(),
        new SaSolverSampler("sa_solver_pece", evaluatesTwice: true),
        new EulerSampler("ddim", drawsInpaintNoise: true),
        new UniPcSampler(),
        new UniPcSampler("uni_pc_bh2", secondVariant: true),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(sampler => sampler.Name)];

    public static ISampler Get(string name) =>
        All.FirstOrDefault(sampler => sampler.Name == name)
        ?? throw new ArgumentException(
            $"sampler_name: expected one of {string.Join(", ", Names)}, got '{name}'. Choose a listed one.",
            nameof(name)
        );
}
