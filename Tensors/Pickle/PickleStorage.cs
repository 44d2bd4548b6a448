namespace NodeHost.Tensors.Pickle;

/// <summary>A run of elements that tensors look into.</summary>
/// <param name="Data">Where its bytes lie; legacy files say it after the pickle.</param>
/// <param name="DType">Type of its elements.</param>
/// <param name="Start">First element within the data.</param>
/// <param name="Count">Number of elements.</param>
internal sealed record PickleStorage(StoredData Data, DType DType, long Start, long Count);

/// <summary>Bytes of a file by the key that the pickle gives them.</summary>
internal sealed class StoredData(string key, long byteCount)
{
    public string Key => key;

    public long ByteCount => byteCount;

    /// <summary>First byte in the file; negative while it is not known.</summary>
    public long Position { get; set; } = -1;
}
