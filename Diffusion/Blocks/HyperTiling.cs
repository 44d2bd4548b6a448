using NodeHost.Tensors;

namespace NodeHost.Diffusion.Blocks;

/// <summary>Hyper-tile: self-attention within tiles of the feature map instead of over all of it.</summary>
/// <remarks>
/// As https://github.com/tfernd/HyperTile (MIT): sides are cut into equal tiles, of a size drawn anew for each layer and
/// step among the smallest ones that are large enough, so that no seam stays in one place.
/// </remarks>
/// <param name="tileSize">Least side of a tile, in elements of the latent.</param>
/// <param name="options">Among how many sizes is drawn.</param>
/// <param name="deepest">Levels of the UNet, from the latent's size on, that are tiled.</param>
/// <param name="scalesWithDepth">Whether tiles of deeper levels have twice the side, each.</param>
public sealed class HyperTiling(int tileSize, int options, int deepest, bool scalesWithDepth) : IAttentionLayerHook
{
    public Tensor Attend(in AttentionLayerCall call, Func<Tensor, Tensor?, Tensor> attend)
    {
        ArgumentNullException.ThrowIfNull(attend);
        if (call.Context is not null || call.Map() is not { } map || map.Level > deepest)
        {
            return attend(call.Tokens, call.Context);
        }
        var random = StepRandom.For(call);
        var smallest = scalesWithDepth ? tileSize << map.Level : tileSize;
        var rows = TileCount(map.Height, smallest, random);
        var columns = TileCount(map.Width, smallest, random);
        if (rows * columns == 1)
        {
            return attend(call.Tokens, null);
        }
        var (batch, width) = (call.Tokens.Length(0), call.Tokens.Length(2));
        var (high, wide) = (map.Height / rows, map.Width / columns);
        var tiles = call
            .Tokens.Reshape(batch, rows, high, columns, wide, width)
            .Permute(0, 1, 3, 2, 4, 5)
            .Reshape(batch * rows * columns, high * wide, width);
        return attend(tiles, null)
            .Reshape(batch, rows, columns, high, wide, width)
            .Permute(0, 1, 3, 2, 4, 5)
            .Reshape(batch, map.Height * map.Width, width);
    }

    /// <summary>How many equal tiles a side is cut into.</summary>
    private long TileCount(long side, long smallest, Random random)
    {
        var least = Math.Min(smallest, side);
        var sizes = new List<long>();
        for (var size = least; size <= side && sizes.Count < options; size++)
        {
            if (side % size == 0)
            {
                sizes.Add(size);
            }
        }
        return side / sizes[random.Next(sizes.Count)];
    }
}
