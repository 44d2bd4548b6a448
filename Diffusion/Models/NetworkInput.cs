using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models;

/// <summary>What conditions one forward pass; batch sizes equal the latent's.</summary>
public sealed record NetworkInput
{
    /// <summary>Encoded text [B, tokens, C].</summary>
    public required Tensor Context { get; init; }

    /// <summary>Pooled text or class vector [B, C] (Flux <c>y</c>, SDXL <c>adm</c>).</summary>
    public Tensor? Pooled { get; init; }

    /// <summary>Distilled guidance strength [B] (Flux).</summary>
    public Tensor? Guidance { get; init; }

    /// <summary>Channels put behind the noisy latent (inpainting models, Fill) [B, C, H, W].</summary>
    public Tensor? Concat { get; init; }

    /// <summary>Reference latents (Kontext), each [B, C, h, w].</summary>
    public IReadOnlyList<Tensor> ReferenceLatents { get; init; } = [];

    /// <summary>How reference latents are placed: <c>offset</c>, <c>index</c> or <c>uxo</c>.</summary>
    public string ReferenceMethod { get; init; } = "offset";

    /// <summary>The same conditioning in another element type; times and strengths stay in float32.</summary>
    public NetworkInput To(DType type) =>
        this with
        {
            Context = Context.To(type),
            Pooled = Pooled?.To(type),
            Concat = Concat?.To(type),
            ReferenceLatents = [.. ReferenceLatents.Select(latent => latent.To(type))],
        };
}
