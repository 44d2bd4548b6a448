using NodeHost.Tensors;

namespace NodeHost.Diffusion.Blocks;

/// <summary>
/// Which tokens are merged into which: one of each 2x2 region is a destination, the others are matched to the destination
/// they resemble most (cosine), and the best matches are merged.
/// </summary>
internal sealed class TokenMatching
{
    private const int Region = 2;

    private static readonly Operator MaxOperator = new("aten::max", "dim");
    private static readonly Operator ScatterReduceOperator = new("aten::scatter_reduce", "two");

    private readonly Tensor _sources; // [S] positions
    private readonly Tensor _destinations; // [D] positions
    private readonly Tensor _kept; // [B, S - merged] numbers of sources
    private readonly Tensor _merged; // [B, merged] numbers of sources
    private readonly Tensor _into; // [B, merged] numbers of destinations

    private TokenMatching(Tensor sources, Tensor destinations, Tensor kept, Tensor merged, Tensor into) =>
        (_sources, _destinations, _kept, _merged, _into) = (sources, destinations, kept, merged, into);

    /// <param name="tokens">[B, height * width, C]</param>
    /// <param name="height">Rows of the map.</param>
    /// <param name="width">Columns of the map.</param>
    /// <param name="count">How many tokens are merged, at most.</param>
    /// <param name="random">Picks the destinations; the upper left ones without it.</param>
    public static TokenMatching Find(Tensor tokens, int height, int width, int count, Random? random)
    {
        var isDestination = new bool[height * width];
        for (var row = 0; row + Region <= height; row += Region)
        {
            for (var column = 0; column + Region <= width; column += Region)
            {
                var pick = random?.Next(Region * Region) ?? 0;
                isDestination[((row + (pick / Region)) * width) + column + (pick % Region)] = true;
            }
        }
        var sources = Positions(isDestination, false).To(tokens.Device);
        var destinations = Positions(isDestination, true).To(tokens.Device);
        count = (int)Math.Min(count, destinations.ElementCount == 0 ? 0 : sources.ElementCount);

        var directions = tokens / tokens.Norm([-1], keepDimensions: true);
        var scores = Functional.Matmul(
            directions.IndexSelect(1, sources),
            directions.IndexSelect(1, destinations).Transpose(1, 2)
        ); // [B, S, D]
        var best = MaxOperator.CallForTensors(scores, -1L, false);
        var order = best[0].Sort(dimension: 1, descending: true).Indices;
        var merged = order.Slice(1, 0, count);
        return new(sources, destinations, order.Slice(1, count), merged, best[1].Gather(1, merged));
    }

    /// <summary>[B, N, C] to [B, N - merged, C]: the sources that were kept, then the destinations.</summary>
    public Tensor Merge(Tensor x)
    {
        var sources = x.IndexSelect(1, _sources);
        var destinations = ScatterReduceOperator.Call(
            x.IndexSelect(1, _destinations),
            1L,
            Wide(_into, x),
            sources.Gather(1, Wide(_merged, x)),
            "mean",
            true
        );
        return Tensor.Concat([sources.Gather(1, Wide(_kept, x)), destinations], 1);
    }

    /// <summary>Each token's own output, or that of the one it was merged into, in the map's order.</summary>
    public Tensor Unmerge(Tensor x)
    {
        var kept = x.Slice(1, 0, _kept.Length(1));
        var destinations = x.Slice(1, _kept.Length(1));
        var values = Tensor.Concat([kept, destinations, destinations.Gather(1, Wide(_into, x))], 1);
        var batch = x.Length(0);
        var sources = _sources.Unsqueeze(0).Expand(batch, -1);
        var positions = Tensor.Concat(
            [sources.Gather(1, _kept), _destinations.Unsqueeze(0).Expand(batch, -1), sources.Gather(1, _merged)],
            1
        );
        return values.Gather(1, Wide(positions.Sort(dimension: 1).Indices, x));
    }

    private static Tensor Wide(Tensor index, Tensor x) => index.Unsqueeze(-1).Expand(-1, -1, x.Length(2));

    private static Tensor Positions(bool[] isDestination, bool wanted)
    {
        long[] positions =
        [
            .. isDestination.Index().Where(item => item.Item == wanted).Select(item => (long)item.Index),
        ];
        return Tensor.From(positions, positions.Length);
    }
}
