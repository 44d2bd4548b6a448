namespace NodeHost.Tensors;

/// <summary>Shape, strides (in elements), element type and device of a tensor.</summary>
internal sealed record TensorLayout(long[] Sizes, long[] Strides, DType DType, Device Device)
{
    public long ElementCount
    {
        get
        {
            var count = 1L;
            foreach (var size in Sizes)
            {
                count *= size;
            }
            return count;
        }
    }

    public override string ToString() => $"[{string.Join(", ", Sizes)}] {DType.ShortName()} {Device}";
}
