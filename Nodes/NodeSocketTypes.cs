using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Hooks;
using NodeHost.Diffusion.Latents;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Catalogue;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes;

/// <summary>The only table from C# types to socket names (primitive types are Graph's).</summary>
public static class NodeSocketTypes
{
    public static SocketTypes Create() =>
        new SocketTypes()
            .Add<Image>("IMAGE")
            .Add<Mask>("MASK")
            .Add<Latent>("LATENT")
            .Add<Svg>("SVG")
            .Add<ILatentOperation>("LATENT_OPERATION")
            .Add<DiffusionModel>("MODEL")
            .Add<Clip>("CLIP")
            .Add<Vae>("VAE")
            .Add<Upscaler>("UPSCALE_MODEL")
            .Add<Conditioning>("CONDITIONING")
            .Add<ISampler>("SAMPLER")
            .Add<Sigmas>("SIGMAS")
            .Add<IGuider>("GUIDER")
            .Add<INoise>("NOISE")
            .Add<HookGroup>("HOOKS")
            .Add<HookKeyframes>("HOOK_KEYFRAMES")
            .Add<TimestepsRange>("TIMESTEPS_RANGE");
}
