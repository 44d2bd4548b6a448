using NodeHost.Tensors;
using NodeHost.Tests.Shared;

namespace NodeHost.TinyModels;

/// <summary>Small SDXL checkpoints: one residual block to a level, everything 32 wide.</summary>
internal static class TinySdxl
{
    private const long Width = 32;
    private const int TextLayers = 2;
    private const long Vocabulary = 1000;

    private static readonly SdxlShapes.UNet Base = new()
    {
        Channels = Width,
        Multipliers = [1, 1, 1],
        ResBlocks = 1,
        Depths = [0, 0, 1],
        MiddleDepth = 1,
        Context = 2 * Width,
        Vector = Width + (6 * 256),
        Embedding = Width,
    };
    private static readonly SdxlShapes.UNet Refiner = Base with
    {
        Multipliers = [1, 1],
        Depths = [0, 1],
        Context = Width,
        Vector = Width + (5 * 256),
    };

    public static Dictionary<string, long[]> BaseShapes { get; } =
        Join(
            SdxlShapes.Of(Base),
            SdxlShapes.ClipL(Width, TextLayers, Vocabulary),
            SdxlShapes.ClipG(Width, TextLayers, Vocabulary),
            SdxlShapes.Autoencoder(Width, levels: 4, resBlocks: 1)
        );

    /// <summary>Without an autoencoder: the base's serves both.</summary>
    public static Dictionary<string, long[]> RefinerShapes { get; } =
        Join(SdxlShapes.Of(Refiner), SdxlShapes.ClipG(Width, TextLayers, Vocabulary, "conditioner.embedders.0.model."));

    /// <summary>In float8: the sum of the files stays small.</summary>
    public static string Save(IReadOnlyDictionary<string, long[]> shapes, string output) =>
        RandomWeights.Save(output, shapes, DType.Float8E4M3);

    private static Dictionary<string, long[]> Join(params Dictionary<string, long[]>[] parts) =>
        parts.SelectMany(part => part).ToDictionary();
}
