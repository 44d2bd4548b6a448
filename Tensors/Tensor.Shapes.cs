using System.Runtime.InteropServices;

namespace NodeHost.Tensors;

/// <summary>Reshaping, slicing and joining.</summary>
public sealed partial class Tensor
{
    private static readonly Operator ReshapeOperator = new("aten::reshape");
    private static readonly Operator PermuteOperator = new("aten::permute");
    private static readonly Operator TransposeOperator = new("aten::transpose", "int");
    private static readonly Operator UnsqueezeOperator = new("aten::unsqueeze");
    private static readonly Operator SqueezeOperator = new("aten::squeeze", "dim");
    private static readonly Operator ExpandOperator = new("aten::expand");
    private static readonly Operator RepeatOperator = new("aten::repeat");
    private static readonly Operator SliceOperator = new("aten::slice", "Tensor");
    private static readonly Operator SelectOperator = new("aten::select", "int");
    private const int MostAtOnce = 64;

    private static readonly Operator ConcatOperator = new("aten::cat");
    private static readonly Operator StackOperator = new("aten::stack");
    private static readonly Operator ChunkOperator = new("aten::chunk");
    private static readonly Operator SplitOperator = new("aten::split", "Tensor");
    private static readonly Operator FlipOperator = new("aten::flip");
    private static readonly Operator Rot90Operator = new("aten::rot90");
    private static readonly Operator IndexSelectOperator = new("aten::index_select");
    private static readonly Operator GatherOperator = new("aten::gather");
    private static readonly Operator ConstantPadOperator = new("aten::constant_pad_nd");
    private static readonly Operator PadOperator = new("aten::pad");
    private static readonly Operator UnfoldOperator = new("aten::unfold");
    private static readonly Operator AsStridedOperator = new("aten::as_strided");

    /// <summary>The same elements in another shape; one size may be -1.</summary>
    public Tensor Reshape(params ReadOnlySpan<long> shape) => ReshapeOperator.Call(this, shape);

    /// <summary>Any view of the memory from the first element on; the caller has checked that it lies inside.</summary>
    internal Tensor AsStrided(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides) =>
        AsStridedOperator.Call(this, shape, strides, 0L);

    /// <summary>Dimensions in another order.</summary>
    public Tensor Permute(params ReadOnlySpan<long> dimensions) => PermuteOperator.Call(this, dimensions);

    public Tensor Transpose(int first, int second) => TransposeOperator.Call(this, first, second);

    public Tensor Unsqueeze(int dimension) => UnsqueezeOperator.Call(this, dimension);

    public Tensor Squeeze(int dimension) => SqueezeOperator.Call(this, dimension);

    /// <summary>Dimensions of size 1 stretched without copying; -1 leaves a size as it is.</summary>
    public Tensor Expand(params ReadOnlySpan<long> shape) => ExpandOperator.Call(this, shape, false);

    /// <summary>Copies laid side by side, so many times along each dimension.</summary>
    public Tensor Repeat(params ReadOnlySpan<long> counts) => RepeatOperator.Call(this, counts);

    /// <summary>The elements <paramref name="start"/> up to, not including, <paramref name="end"/> (null: the rest).</summary>
    public Tensor Slice(int dimension, long start, long? end = null, long step = 1) =>
        SliceOperator.Call(this, dimension, start, end ?? long.MaxValue, step);

    /// <summary>A range along a dimension.</summary>
    public Tensor Slice(int dimension, Range range)
    {
        var (offset, length) = range.GetOffsetAndLength(checked((int)Length(dimension)));
        return Slice(dimension, offset, offset + length);
    }

    /// <summary>One index along a dimension, which disappears.</summary>
    public Tensor Select(int dimension, long index) => SelectOperator.Call(this, dimension, index);

    public static Tensor Concat(ReadOnlySpan<Tensor> tensors, int dimension) =>
        tensors.Length <= MostAtOnce
            ? ConcatOperator.Call(tensors, dimension)
            : Join(tensors, dimension, ConcatOperator);

    public static Tensor Stack(ReadOnlySpan<Tensor> tensors, int dimension) =>
        tensors.Length <= MostAtOnce ? StackOperator.Call(tensors, dimension) : Join(tensors, dimension, StackOperator);

    /// <summary>More tensors than a call's arguments hold: group by group, then the groups.</summary>
    private static Tensor Join(ReadOnlySpan<Tensor> tensors, int dimension, Operator join)
    {
        var groups = new List<Tensor>();
        try
        {
            for (var start = 0; start < tensors.Length; start += MostAtOnce)
            {
                groups.Add(join.Call(tensors[start..Math.Min(start + MostAtOnce, tensors.Length)], dimension));
            }
            return Concat(CollectionsMarshal.AsSpan(groups), dimension);
        }
        finally
        {
            foreach (var group in groups)
            {
                group.Dispose();
            }
        }
    }

    /// <summary>At most <paramref name="count"/> equal pieces along a dimension.</summary>
    public Tensor[] Chunk(long count, int dimension) => ChunkOperator.CallForTensors(this, count, dimension);

    /// <summary>Pieces of <paramref name="size"/> along a dimension; the last may be smaller.</summary>
    public Tensor[] Split(long size, int dimension) => SplitOperator.CallForTensors(this, size, dimension);

    public Tensor Flip(params ReadOnlySpan<long> dimensions) => FlipOperator.Call(this, dimensions);

    /// <summary>Quarter turns in the plane of two dimensions.</summary>
    public Tensor Rot90(long turns, ReadOnlySpan<long> dimensions) => Rot90Operator.Call(this, turns, dimensions);

    /// <summary>Entries of a dimension picked by an integer tensor [N].</summary>
    public Tensor IndexSelect(int dimension, Tensor index) => IndexSelectOperator.Call(this, dimension, index);

    public Tensor Gather(int dimension, Tensor index) => GatherOperator.Call(this, dimension, index, false);

    /// <summary>Padding of the last dimensions, innermost first: (left, right, top, bottom, ...).</summary>
    public Tensor Pad(ReadOnlySpan<long> padding, double value = 0) => ConstantPadOperator.Call(this, padding, value);

    /// <summary>Padding with <c>reflect</c>, <c>replicate</c> or <c>circular</c> values.</summary>
    public Tensor Pad(ReadOnlySpan<long> padding, string mode) => PadOperator.Call(this, padding, mode, Argument.None);

    /// <summary>Sliding windows of a dimension, appended as a last dimension.</summary>
    public Tensor Unfold(int dimension, long size, long step) => UnfoldOperator.Call(this, dimension, size, step);
}
