namespace NodeHost.Tensors.Pickle;

/// <summary>What a pickle says of a storage: ('storage', type, key, device, number of elements[, view of another]).</summary>
internal sealed record PersistentId(DType DType, string Key, long Count, object? View)
{
    public long ByteCount => Count * DType.Size();

    public static PersistentId Parse(PickleReader reader, PickleTuple tuple)
    {
        if (
            tuple.Items.Length is not (5 or 6)
            || tuple.Items[0] is not "storage"
            || tuple.Items[1] is not PickleGlobal { DType: { } dtype }
            || tuple.Items[2] is not string key
            || tuple.Items[4] is not long count
        )
        {
            throw reader.Refuse(
                PickleRefusal.BadArguments,
                "a persistent id that names no storage: expected ('storage', type, key, device, count), got ("
                    + $"{string.Join(", ", tuple.Items.Take(6).Select(PickleReduction.Describe))})"
            );
        }
        if (count is < 0 or > long.MaxValue / 16)
        {
            throw reader.Refuse(PickleRefusal.TensorBounds, $"storage '{Show(key)}' of {count} elements");
        }
        return new PersistentId(dtype, key, count, tuple.Items.Length == 6 ? tuple.Items[5] : null);
    }

    public static string Show(string key) => key.Length <= 80 ? key : key[..80] + "...";
}
