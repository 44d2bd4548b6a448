using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Networks.Autoencoder;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models;

/// <summary>The value of a VAE socket: pictures [B, H, W, 3] in 0..1 to latents [B, C, h, w] and back. It owns no weights.</summary>
/// <param name="source">Where the autoencoder comes from.</param>
/// <param name="config">Its numbers, known without loading it.</param>
public sealed class Vae(IModelSource<AutoencoderModel> source, AutoencoderConfig config)
{
    /// <summary>Memory that a batch may take at once; larger batches run in pieces.</summary>
    private const long PieceBytes = 2L << 30;

    /// <summary>About how much the widest layers hold for each pixel.</summary>
    private const long BytesPerPixel = 128 * 4 * 16;

    /// <summary>Pixels along each side of the tiles that are tried when memory does not suffice for the whole.</summary>
    private const int FallbackTile = 512;

    public string Name => source.Name;

    /// <summary>The network as its file holds it.</summary>
    public IReadOnlyList<ModelPart> Parts => source.Parts;

    public int LatentChannels => (int)config.LatentChannels;

    /// <summary>Pixels along each side of a latent element.</summary>
    public int Downscale => config.Downscale;

    /// <summary>Pictures to the means of their latents; sides are cropped, centred, to multiples of <see cref="Downscale"/>.</summary>
    public Tensor Encode(Tensor pixels, CancellationToken cancellation = default)
    {
        var network = source.Load([]);
        using var active = Activate(cancellation);
        using var scope = new TensorScope();
        var x = ToNetwork(pixels).To(network.Place.Device);
        var encode = InPlace(network.Encode, network);
        return scope.Keep(
            ToHost(
                WholeOrTiled(
                    () => InPieces(x, x.Length(2) * x.Length(3), encode),
                    () => Tiled(x, FallbackTile, FallbackTile / 8, 1.0 / Downscale, encode, progress: null)
                )
            )
        );
    }

    public Tensor Decode(Tensor latent, CancellationToken cancellation = default)
    {
        CheckLatent(latent);
        var network = source.Load([]);
        using var active = Activate(cancellation);
        using var scope = new TensorScope();
        var pixels = latent.Length(2) * latent.Length(3) * Downscale * Downscale;
        var tile = FallbackTile / Downscale;
        var x = latent.To(network.Place.Device);
        var decode = InPlace(network.Decode, network);
        return scope.Keep(
            ToPictures(
                ToHost(
                    WholeOrTiled(
                        () => InPieces(x, pixels, decode),
                        () => Tiled(x, tile, tile / 4, Downscale, decode, progress: null)
                    )
                )
            )
        );
    }

    /// <summary>As <see cref="Encode"/>, in overlapping tiles; the mean of three runs with tiles of different shape.</summary>
    /// <param name="pixels">[B, H, W, 3]</param>
    /// <param name="tileSize">Pixels along each side of a tile.</param>
    /// <param name="overlap">Pixels that neighbouring tiles share.</param>
    /// <param name="progress">Told of tiles done and to do.</param>
    /// <param name="cancellation">Asked between layers.</param>
    public Tensor EncodeTiled(
        Tensor pixels,
        int tileSize,
        int overlap,
        Action<int, int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        var network = source.Load([]);
        using var active = Activate(cancellation);
        using var scope = new TensorScope();
        var x = ToNetwork(pixels).To(network.Place.Device);
        var encode = InPlace(network.Encode, network);
        return scope.Keep(ToHost(Tiled(x, tileSize, overlap, 1.0 / Downscale, encode, progress)));
    }

    /// <summary>As <see cref="Decode"/>, in overlapping tiles; sizes are in latent elements.</summary>
    public Tensor DecodeTiled(
        Tensor latent,
        int tileSize,
        int overlap,
        Action<int, int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        CheckLatent(latent);
        var network = source.Load([]);
        using var active = Activate(cancellation);
        using var scope = new TensorScope();
        var x = latent.To(network.Place.Device);
        var decode = InPlace(network.Decode, network);
        return scope.Keep(ToPictures(ToHost(Tiled(x, tileSize, overlap, Downscale, decode, progress))));
    }

    /// <summary>A half of the network from and to float32, in which tiles are blended.</summary>
    private static Func<Tensor, Tensor> InPlace(Func<Tensor, Tensor> half, AutoencoderModel network) =>
        x => half(x.To(network.Place.DType)).To(DType.Float32);

    private static Tensor ToHost(Tensor x) => x.To(Device.Cpu);

    private static Tensor WholeOrTiled(Func<Tensor> whole, Func<Tensor> tiled)
    {
        try
        {
            using var scope = new TensorScope();
            return scope.Keep(whole());
        }
        catch (TensorOutOfMemoryException)
        {
            return tiled();
        }
    }

    private static Tensor Tiled(
        Tensor x,
        int tileSize,
        int overlap,
        double scale,
        Func<Tensor, Tensor> function,
        Action<int, int>? progress
    )
    {
        FeatheredTiles[] passes =
        [
            new(tileSize, tileSize, overlap, scale),
            new(tileSize * 2, tileSize / 2, overlap, scale),
            new(tileSize / 2, tileSize * 2, overlap, scale),
        ];
        foreach (var pass in passes)
        {
            if (overlap >= Math.Min(pass.TileWidth, pass.TileHeight))
            {
                throw new ArgumentException(
                    $"VAE: an overlap of {overlap} leaves nothing of tiles of {pass.TileWidth}x{pass.TileHeight}; "
                        + "make tile_size larger or overlap smaller."
                );
            }
        }
        var total = passes.Sum(pass => pass.CountOf(x)) * (int)x.Length(0);
        var done = 0;
        var results = passes.Select(pass => pass.Run(x, function, () => progress?.Invoke(++done, total))).ToArray();
        return (results[0] + results[1] + results[2]) / passes.Length;
    }

    private Tensor ToNetwork(Tensor pixels)
    {
        if (pixels.Rank != 4 || pixels.Length(3) < 3)
        {
            throw new ArgumentException($"VAE: expected pictures [B, H, W, 3], got {pixels}.");
        }
        if (Math.Min(pixels.Length(1), pixels.Length(2)) < Downscale)
        {
            throw new ArgumentException(
                $"VAE: pictures of {pixels.Length(2)}x{pixels.Length(1)} are smaller than one latent element ({Downscale}x{Downscale})."
            );
        }
        var cropped = CropCentred(CropCentred(pixels.Slice(3, 0, 3), 1), 2);
        // The layout in memory stays that of the pictures: convolutions round differently in another, ComfyUI's too.
        return cropped.Permute(0, 3, 1, 2) * 2 - 1;
    }

    private Tensor CropCentred(Tensor pixels, int dimension)
    {
        var length = pixels.Length(dimension);
        var kept = length / Downscale * Downscale;
        var start = (length - kept) / 2;
        return pixels.Slice(dimension, start, start + kept);
    }

    // A view: in memory channel after channel, so that encoding the picture again rounds as in ComfyUI.
    private static Tensor ToPictures(Tensor x) => ((x + 1) / 2).Clamp(0, 1).Contiguous().Permute(0, 2, 3, 1);

    private void CheckLatent(Tensor latent)
    {
        if (latent.Rank != 4 || latent.Length(1) != LatentChannels)
        {
            throw new ArgumentException(
                $"VAE {Name}: expected a latent [B, {LatentChannels}, h, w], got {latent}. "
                    + "The latent comes from a model of another family."
            );
        }
    }

    private static Tensor InPieces(Tensor x, long pixels, Func<Tensor, Tensor> function)
    {
        var atOnce = Math.Max(1, PieceBytes / (pixels * BytesPerPixel));
        var results = new List<Tensor>();
        for (var start = 0L; start < x.Length(0); start += atOnce)
        {
            using var scope = new TensorScope();
            results.Add(scope.Keep(function(x.Slice(0, start, start + atOnce))));
        }
        return results.Count == 1 ? results[0] : Tensor.Concat([.. results], 0);
    }

    private static IDisposable Activate(CancellationToken cancellation) =>
        new AttentionHooks([], new ForwardStep { Sigma = 0, Cancellation = cancellation }).Activate();
}
