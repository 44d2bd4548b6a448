using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Tests.Validation;

// ComfyUI's nodes as far as validation sees them: the recorded error cases use these.

internal static class ComfyNodes
{
    public static NodeCatalogue Catalogue { get; } =
        new(
            typeof(ComfyNodes).GetNestedTypes(),
            new SocketTypes()
                .Add<Image>("IMAGE")
                .Add<Mask>("MASK")
                .Add<Latent>("LATENT")
                .Add<Conditioning>("CONDITIONING")
                .Add<Model>("MODEL")
                .Add<Clip>("CLIP")
                .Add<Vae>("VAE")
        );

    public sealed record Image;

    public sealed record Mask;

    public sealed record Latent;

    public sealed record Conditioning;

    public sealed record Model;

    public sealed record Clip;

    public sealed record Vae;

    [Node("EmptyImage", Category = "image")]
    public sealed class EmptyImage : INode<Image>
    {
        [Number(1, 16384, Step = 1)]
        public int Width { get; init; } = 512;

        [Number(1, 16384, Step = 1)]
        public int Height { get; init; } = 512;

        [Number(1, 4096)]
        public int BatchSize { get; init; } = 1;

        [Number(0, 0xFFFFFF, Step = 1, Display = "color")]
        public int Color { get; init; }

        public Image Execute(NodeContext context) => new();
    }

    [Node("PreviewImage", OutputNode = true)]
    public sealed class PreviewImage : INode<UiOutput>
    {
        [Input]
        public required Image Images { get; init; }

        public UiOutput Execute(NodeContext context) => new();
    }

    [Node("SaveImage", OutputNode = true)]
    public sealed class SaveImage : INode<UiOutput>
    {
        [Input]
        public required Image Images { get; init; }

        [Text]
        public string FilenamePrefix { get; init; } = "ComfyUI";

        public UiOutput Execute(NodeContext context) => new();
    }

    [Node("SaveLatent", OutputNode = true)]
    public sealed class SaveLatent : INode<UiOutput>
    {
        [Input]
        public required Latent Samples { get; init; }

        [Text]
        public string FilenamePrefix { get; init; } = "latents/ComfyUI";

        public UiOutput Execute(NodeContext context) => new();
    }

    [Node("ImageInvert")]
    public sealed class ImageInvert : INode<Image>
    {
        [Input]
        public required Image Image { get; init; }

        public Image Execute(NodeContext context) => Image;
    }

    [Node("LoadImage")]
    [Validates(nameof(Image))]
    public sealed class LoadImage : INode<(Image Image, Mask Mask)>, IValidatedNode
    {
        [Choice("there.png", Upload = "image")]
        public required string Image { get; init; }

        public ValidationVerdict Validate(ValidationContext context) =>
            Image == "nope.png" ? $"Invalid image file: {Image}" : true;

        public (Image Image, Mask Mask) Execute(NodeContext context) => default;
    }

    [Node("CheckpointLoaderSimple")]
    public sealed class CheckpointLoaderSimple : INode<(Model Model, Clip Clip, Vae Vae)>
    {
        [Choice(
            "tiny-sd15-bf16.safetensors",
            "tiny-sd15-fp16.safetensors",
            "tiny-sd15-inpainting.safetensors",
            "tiny-sd15.safetensors",
            Tooltip = "The name of the checkpoint (model) to load."
        )]
        public required string CkptName { get; init; }

        public (Model Model, Clip Clip, Vae Vae) Execute(NodeContext context) => default;
    }

    [Node("CLIPTextEncode")]
    public sealed class ClipTextEncode : INode<Conditioning>
    {
        [Text(Multiline = true)]
        public required string Text { get; init; }

        [Input]
        public required Clip Clip { get; init; }

        public Conditioning Execute(NodeContext context) => new();
    }

    [Node("EmptyLatentImage")]
    public sealed class EmptyLatentImage : INode<Latent>
    {
        [Number(16, 16384, Step = 8, Tooltip = "The width of the latent images in pixels.")]
        public int Width { get; init; } = 512;

        [Number(16, 16384, Step = 8)]
        public int Height { get; init; } = 512;

        [Number(1, 4096)]
        public int BatchSize { get; init; } = 1;

        public Latent Execute(NodeContext context) => new();
    }

    [Node("VAEDecode")]
    public sealed class VaeDecode : INode<Image>
    {
        [Input]
        public required Latent Samples { get; init; }

        [Input]
        public required Vae Vae { get; init; }

        public Image Execute(NodeContext context) => new();
    }

    [Node("KSampler")]
    public sealed class KSampler : INode<Latent>
    {
        [Input]
        public required Model Model { get; init; }

        [Seed]
        public ulong Seed { get; init; }

        [Number(1, 10000, Tooltip = "The number of steps used in the denoising process.")]
        public int Steps { get; init; } = 20;

        [Number(0.0, 100.0)]
        public double Cfg { get; init; } = 8;

        [Choice(typeof(FortyTwoSamplers))]
        public required string SamplerName { get; init; }

        [Choice("normal", "karras")]
        public required string Scheduler { get; init; }

        [Input]
        public required Conditioning Positive { get; init; }

        [Input]
        public required Conditioning Negative { get; init; }

        [Input]
        public required Latent LatentImage { get; init; }

        [Number(
            0.0,
            1.0,
            Step = 0.01,
            Tooltip = "The amount of denoising applied, lower values will maintain the structure of the initial image allowing for image to image sampling."
        )]
        public double Denoise { get; init; } = 1;

        public Latent Execute(NodeContext context) => LatentImage;
    }

    public sealed class FortyTwoSamplers : IChoiceProvider
    {
        public IEnumerable<object> Options(IServiceProvider services, string? argument) =>
            ["euler", .. Enumerable.Range(1, 41).Select(number => $"sampler{number}")];
    }

    [Node("Constants", OutputNode = true)]
    public sealed class Constants : INode<UiOutput>
    {
        [Number(Min = 0)]
        public long Whole { get; init; }

        [Input]
        public double Real { get; init; }

        [Input]
        public string Text { get; init; } = "";

        [Input]
        public bool Flag { get; init; }

        [Choice(1, 2.5, "x")]
        public object? Pick { get; init; }

        public UiOutput Execute(NodeContext context) => new();
    }

    [Node("ChecksAll", OutputNode = true)]
    [Validates]
    public sealed class ChecksAll : INode<UiOutput>, IAsyncValidatedNode
    {
        [Number(0, 5)]
        public int First { get; init; }

        [Number(0, 5)]
        public int Second { get; init; }

        public async Task<ValidationVerdict> ValidateAsync(ValidationContext context)
        {
            await Task.Yield();
            return First switch
            {
                7 => false,
                8 => "eight is too many",
                9 => throw new InvalidOperationException("cannot judge"),
                _ => true,
            };
        }

        public UiOutput Execute(NodeContext context) => new();
    }

    [Node("ChecksTypes", OutputNode = true)]
    [Validates(TakesTypes = true)]
    public sealed class ChecksTypes : INode<UiOutput>, IValidatedNode
    {
        [Input(Type = "INT")]
        public object? Value { get; init; }

        public ValidationVerdict Validate(ValidationContext context) =>
            context.LinkedTypes["value"] == "IMAGE" ? true : $"no {context.LinkedTypes["value"]}";

        public UiOutput Execute(NodeContext context) => new();
    }

    [Node("TakesAnything", OutputNode = true)]
    public sealed class TakesAnything : INode<UiOutput>
    {
        [Input(Type = "*")]
        public object? Any { get; init; }

        [Input(Type = "LATENT, IMAGE", Optional = true)]
        public object? Either { get; init; }

        public UiOutput Execute(NodeContext context) => new();
    }
}
