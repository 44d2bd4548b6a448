using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Autoencoder;

/// <summary>Runs a function tile by tile; where tiles overlap, they fade into each other linearly.</summary>
/// <param name="TileWidth">In elements of the input, as the other sizes.</param>
/// <param name="TileHeight">Height of a tile.</param>
/// <param name="Overlap">How far neighbouring tiles overlap.</param>
/// <param name="Scale">Output elements per input element along each side: 8 to decode, 1/8 to encode.</param>
internal sealed record FeatheredTiles(long TileWidth, long TileHeight, long Overlap, double Scale)
{
    /// <summary>How many tiles cover one sample.</summary>
    public int CountOf(Tensor x) => Starts(x.Length(2), TileHeight).Count * Starts(x.Length(3), TileWidth).Count;

    /// <summary>x [B, C, H, W] to [B, outputChannels, H * Scale, W * Scale], one sample at a time.</summary>
    public Tensor Run(Tensor x, Func<Tensor, Tensor> function, Action onTile)
    {
        var samples = new List<Tensor>();
        for (var index = 0L; index < x.Length(0); index++)
        {
            using var scope = new TensorScope();
            samples.Add(scope.Keep(RunSample(x.Slice(0, index, index + 1), function, onTile)));
        }
        return Tensor.Concat([.. samples], 0);
    }

    private Tensor RunSample(Tensor x, Func<Tensor, Tensor> function, Action onTile)
    {
        var (height, width) = (x.Length(2), x.Length(3));
        if (height <= TileHeight && width <= TileWidth)
        {
            var whole = function(x);
            onTile();
            return whole;
        }
        Tensor? sum = null;
        Tensor? weights = null;
        foreach (var top in Starts(height, TileHeight))
        {
            foreach (var left in Starts(width, TileWidth))
            {
                using var scope = new TensorScope();
                var tile = x.Slice(2, top, Math.Min(top + TileHeight, height))
                    .Slice(3, left, Math.Min(left + TileWidth, width));
                var result = function(tile);
                if (sum is null || weights is null)
                {
                    long[] shape = [1, result.Length(1), Scaled(height), Scaled(width)];
                    sum = scope.Keep(Tensor.Zeros(shape, device: x.Device));
                    weights = scope.Keep(Tensor.Zeros([1, 1, shape[2], shape[3]], device: x.Device));
                }
                var mask = Mask(result.Length(2), result.Length(3), x.Device);
                At(sum, top, left, result).AddInPlace(result * mask);
                At(weights, top, left, result).AddInPlace(mask);
                onTile();
            }
        }
        return sum! / weights!;
    }

    private List<long> Starts(long size, long tile)
    {
        var starts = new List<long> { 0 };
        if (size > tile)
        {
            for (var start = tile - Overlap; start < size - Overlap; start += tile - Overlap)
            {
                starts.Add(start);
            }
        }
        return starts;
    }

    private Tensor At(Tensor canvas, long top, long left, Tensor tile)
    {
        var (y, x) = (Scaled(top), Scaled(left));
        return canvas.Slice(2, y, y + tile.Length(2)).Slice(3, x, x + tile.Length(3));
    }

    /// <summary>Rises from the edge over the width of the overlap to 1.</summary>
    private Tensor Mask(long height, long width, Device device) =>
        Ramp(height).Unsqueeze(1).To(device) * Ramp(width).Unsqueeze(0).To(device);

    private Tensor Ramp(long length)
    {
        var feather = Scaled(Overlap);
        var values = new float[length];
        Array.Fill(values, 1f);
        if (feather < length)
        {
            for (var step = 0L; step < feather; step++)
            {
                var share = (float)((step + 1) / (double)feather);
                values[step] *= share;
                values[length - 1 - step] *= share;
            }
        }
        return Tensor.From(values, length);
    }

    private long Scaled(long size) => (long)Math.Round(size * Scale, MidpointRounding.ToEven);
}
