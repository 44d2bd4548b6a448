using NodeHost.Tensors;

namespace NodeHost.Diffusion.Attention;

/// <summary><c>softmax(q k^T / sqrt(d)) v</c>: the fused operator where libtorch has one, else pieces of bounded size.</summary>
internal static class DotProductAttention
{
    /// <summary>The most bytes of attention scores that are in memory at once (one query row is always allowed).</summary>
    private const long ScoreBytes = 16L << 20;

    private const long SmallProduct = 400;

    /// <summary>q [B, L, heads*D], k and v [B, S, heads*D] to [B, L, heads*D].</summary>
    public static Tensor Run(Tensor query, Tensor key, Tensor value, int heads, Tensor? mask = null)
    {
        var (q, k, v) = (SplitHeads(query, heads), SplitHeads(key, heads), SplitHeads(value, heads));
        return MergeHeads(Run(q, k, v, mask));
    }

    /// <summary>q [B, heads, L, D], k and v [B, heads, S, D] to [B, heads, L, D]; the mask, [L, S] or [heads, L, S], is added to the scores.</summary>
    public static Tensor Run(Tensor q, Tensor k, Tensor v, Tensor? mask = null) =>
        Functional.HasFusedAttention ? Functional.ScaledDotProductAttention(q, k, v, mask) : RunInPieces(q, k, v, mask);

    private static Tensor RunInPieces(Tensor q, Tensor k, Tensor v, Tensor? mask)
    {
        var (batch, heads, rows, width) = (q.Length(0), q.Length(1), q.Length(2), q.Length(3));
        var keys = k.Length(2);
        var queries = q.Reshape(batch * heads, rows, width);
        var keysTransposed = k.Reshape(batch * heads, keys, width).Transpose(1, 2);
        var values = v.Reshape(batch * heads, keys, width);
        var masks = mask is { Rank: 3 } && batch > 1 ? mask.Repeat(batch, 1, 1) : mask;

        var (headsAtOnce, rowsAtOnce) = PieceSize(batch * heads, rows, keys * q.DType.Size());
        if (headsAtOnce == batch * heads)
        {
            return Attend(queries, keysTransposed, values, masks).Reshape(batch, heads, rows, width);
        }
        var pieces = new List<Tensor>();
        for (var head = 0L; head < batch * heads; head += headsAtOnce)
        {
            var headKeys = keysTransposed.Slice(0, head, head + headsAtOnce);
            var headValues = values.Slice(0, head, head + headsAtOnce);
            var headQueries = queries.Slice(0, head, head + headsAtOnce);
            var headMasks = masks is { Rank: 3 } ? masks.Slice(0, head, head + headsAtOnce) : masks;
            var rowPieces = new List<Tensor>();
            for (var row = 0L; row < rows; row += rowsAtOnce)
            {
                var maskRows = headMasks?.Slice(headMasks.Rank - 2, row, row + rowsAtOnce);
                rowPieces.Add(Attend(headQueries.Slice(1, row, row + rowsAtOnce), headKeys, headValues, maskRows));
            }
            pieces.Add(rowPieces.Count == 1 ? rowPieces[0] : Tensor.Concat([.. rowPieces], 1));
        }
        return Tensor.Concat([.. pieces], 0).Reshape(batch, heads, rows, width);
    }

    private static Tensor Attend(Tensor q, Tensor keysTransposed, Tensor v, Tensor? mask)
    {
        using var scope = new TensorScope();
        var scores = Scores(q, keysTransposed);
        if (mask is not null)
        {
            scores += mask;
        }
        return scope.Keep(Functional.Bmm(Functional.Softmax(scores), v));
    }

    /// <summary><c>q k^T / sqrt(d)</c>, with the factor applied inside the product.</summary>
    private static Tensor Scores(Tensor q, Tensor keysTransposed)
    {
        var scale = 1 / Math.Sqrt(q.Length(2));
        // Below this size libtorch 1.13 would multiply uninitialised memory by beta = 0, which may give NaN.
        return q.Length(1) * q.Length(2) * keysTransposed.Length(2) < SmallProduct
            ? Functional.Bmm(q * scale, keysTransposed)
            : Functional.Baddbmm(Tensor.Zeros([1, 1, 1], q.DType, q.Device), q, keysTransposed, beta: 0, alpha: scale);
    }

    /// <summary>Whole heads while they fit the budget, else rows of one head.</summary>
    private static (long Heads, long Rows) PieceSize(long heads, long rows, long rowBytes)
    {
        var headBytes = rows * rowBytes;
        return headBytes <= ScoreBytes
            ? (Math.Min(heads, ScoreBytes / headBytes), rows)
            : (1, Math.Max(1, ScoreBytes / rowBytes));
    }

    private static Tensor SplitHeads(Tensor x, int heads) =>
        x.Reshape(x.Length(0), x.Length(1), heads, x.Length(2) / heads).Transpose(1, 2);

    /// <summary>[B, heads, L, D] to [B, L, heads*D].</summary>
    public static Tensor MergeHeads(Tensor x) =>
        x.Transpose(1, 2).Reshape(x.Length(0), x.Length(2), x.Length(1) * x.Length(3));
}
