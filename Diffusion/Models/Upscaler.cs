using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Networks.Autoencoder;
using NodeHost.Diffusion.Networks.Upscaling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models;

/// <summary>The value of an UPSCALE_MODEL socket: a handle, cheap to pass around. It owns no weights.</summary>
/// <param name="source">Where the network comes from.</param>
/// <param name="scale">Pixels along each side for one.</param>
public sealed class Upscaler(IModelSource<IUpscaleNetwork> source, int scale)
{
    public const int TileSize = 512;
    public const int Overlap = 32;

    private const int SmallestTile = 128;

    public string Name => source.Name;

    public int Scale => scale;

    /// <summary>Pictures [B, H, W, 3] enlarged tile by tile; tiles become smaller until memory suffices for one.</summary>
    /// <param name="pictures">[B, H, W, C]; channels behind the third are left out.</param>
    /// <param name="progress">Told of tiles done and to do.</param>
    /// <param name="cancellation">Asked between layers.</param>
    public Tensor Upscale(
        Tensor pictures,
        Action<int, int>? progress = null,
        CancellationToken cancellation = default
    ) => Upscale(pictures, TileSize, Overlap, progress, cancellation);

    internal Tensor Upscale(
        Tensor pictures,
        int tileSize,
        int overlap,
        Action<int, int>? progress,
        CancellationToken cancellation
    )
    {
        if (pictures.Rank != 4 || pictures.Length(3) < 3)
        {
            throw new ArgumentException($"Upscaling: expected pictures [B, H, W, 3], got {pictures}.");
        }
        var network = source.Load([]);
        using var active = new AttentionHooks(
            [],
            new ForwardStep { Sigma = 0, Cancellation = cancellation }
        ).Activate();
        using var scope = new TensorScope();
        var x = pictures.Slice(3, 0, 3).Permute(0, 3, 1, 2).Contiguous().To(network.Place.Device);
        // Tiles are blended in float32, whatever the network computes in.
        Tensor Forward(Tensor tile) => network.Forward(tile.To(network.Place.DType)).To(DType.Float32);
        while (true)
        {
            try
            {
                using var attempt = new TensorScope();
                var tiles = new FeatheredTiles(tileSize, tileSize, overlap, scale);
                var total = tiles.CountOf(x) * (int)x.Length(0);
                var done = 0;
                var enlarged = tiles.Run(x, Forward, () => progress?.Invoke(++done, total));
                return scope.Keep(attempt.Keep(enlarged.Clamp(0, 1).To(Device.Cpu).Permute(0, 2, 3, 1).Contiguous()));
            }
            catch (TensorOutOfMemoryException) when (tileSize / 2 >= SmallestTile)
            {
                tileSize /= 2;
            }
        }
    }
}
