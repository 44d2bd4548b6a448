using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>A text encoder in a file.</summary>
public sealed class TextEncoderPart(IWeightSource source, string prefix)
    : ModelPart(ModelRole.TextEncoder, source, prefix)
{
    /// <summary>Which encoder: <c>l</c> (CLIP-L), <c>g</c> (OpenCLIP bigG), <c>h</c> (OpenCLIP ViT-H), <c>t5xxl</c>.</summary>
    public required string Encoder { get; init; }

    /// <summary>Width of its token vectors.</summary>
    public required long Width { get; init; }

    /// <summary>Rows of its token embedding, which its vocabulary must fit.</summary>
    public required long TokenCount { get; init; }

    /// <summary>Whether it stands where a checkpoint with one encoder has it (SDXL's refiner).</summary>
    public bool StandsAlone { get; init; }

    public required Func<Weights, object> Network { get; init; }

    /// <summary>ComfyUI keeps text encoders in half precision whatever the file holds, and so rounds them.</summary>
    internal override DType? Storage => DType.Float16;

    internal override string AdapterPart => Encoder;

    internal override bool IsOnly => StandsAlone;

    internal override object Build(Weights w) => Network(w);
}
