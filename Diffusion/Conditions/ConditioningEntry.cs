using NodeHost.Diffusion.Hooks;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Conditions;

/// <summary>One encoded prompt with where and when it applies, and what else the network is given with it.</summary>
public sealed record ConditioningEntry
{
    /// <summary>Encoded text [B, tokens, C].</summary>
    public required Tensor Context { get; init; }

    /// <summary>Pooled text [B, C].</summary>
    public Tensor? Pooled { get; init; }

    /// <summary>What SDXL is told of the picture; null = the size of the latent.</summary>
    public PictureSizes? Sizes { get; init; }

    /// <summary>Distilled guidance strength (Flux); the model's default where absent.</summary>
    public double? Guidance { get; init; }

    /// <summary>Whether the network gets no guidance strength, not even its default.</summary>
    public bool WithholdsGuidance { get; init; }

    /// <summary>Part of the picture it applies to; null = all of it.</summary>
    public ConditioningArea? Area { get; init; }

    /// <summary>Weight against other prompts.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>Weight per place: [H, W] or [B, H, W], of any size.</summary>
    public Tensor? Mask { get; init; }

    public double MaskStrength { get; init; } = 1;

    /// <summary>Whether the network sees only the box around the mask.</summary>
    public bool SetAreaToBounds { get; init; }

    /// <summary>Fraction of the run from which it applies; null = from the start.</summary>
    public double? StartPercent { get; init; }

    /// <summary>Fraction of the run up to which it applies; null = to the end.</summary>
    public double? EndPercent { get; init; }

    /// <summary>Fraction of the run from which the text encoder's hooks were as they were for this prompt.</summary>
    public double? ClipStartPercent { get; init; }

    /// <summary>Fraction of the run up to which they were.</summary>
    public double? ClipEndPercent { get; init; }

    /// <summary>Adapters that apply to the diffusion model where this prompt does.</summary>
    public HookGroup? Hooks { get; init; }

    /// <summary>Whether it applies only to what other prompts leave uncovered.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Latent put behind the noisy one for image-conditioned networks, at the autoencoder's scale.</summary>
    public Tensor? ConcatLatentImage { get; init; }

    /// <summary>Mask that goes with <see cref="ConcatLatentImage"/>.</summary>
    public Tensor? ConcatMask { get; init; }

    /// <summary>Reference latents (Kontext), at the autoencoder's scale.</summary>
    public IReadOnlyList<Tensor> ReferenceLatents { get; init; } = [];

    /// <summary>How reference latents are placed; null = the model's default.</summary>
    public string? ReferenceMethod { get; init; }

    /// <summary>Encoded text for a ControlNet; null for the prompt's own.</summary>
    public Tensor? ControlNetContext { get; init; }

    /// <summary>Pooled text for a ControlNet.</summary>
    public Tensor? ControlNetPooled { get; init; }

    public IEnumerable<Tensor> HeldTensors
    {
        get
        {
            Tensor?[] tensors =
            [
                Context,
                Pooled,
                Mask,
                ConcatLatentImage,
                ConcatMask,
                ControlNetContext,
                ControlNetPooled,
                .. ReferenceLatents,
            ];
            return tensors.OfType<Tensor>();
        }
    }
}
