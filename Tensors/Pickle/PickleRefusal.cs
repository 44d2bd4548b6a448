namespace NodeHost.Tensors.Pickle;

/// <summary>Why a pickled file is not read.</summary>
public enum PickleRefusal
{
    /// <summary>It names a class or function that is not on the allow-list.</summary>
    GlobalNotAllowed,

    /// <summary>An opcode that no dictionary of tensors needs.</summary>
    OpcodeNotAllowed,

    /// <summary>An allowed function, storage type or persistent id with arguments that do not fit it.</summary>
    BadArguments,

    /// <summary>A negative or absurd length.</summary>
    BadLength,

    /// <summary>The input ends before the pickle or its data does.</summary>
    Truncated,

    /// <summary>The pickle machine's stack or mark is missing.</summary>
    Stack,

    /// <summary>A memo slot out of range or never filled.</summary>
    MemoIndex,

    /// <summary>Sizes of the archive's entries that do not fit the file.</summary>
    ZipSize,

    /// <summary>A compressed or encrypted entry; PyTorch writes neither.</summary>
    ZipCompressed,

    /// <summary>The persistent id names no stored data.</summary>
    StorageMissing,

    /// <summary>Offset, size or stride outside the storage, or a storage shorter than announced.</summary>
    TensorBounds,

    /// <summary>Numbers stored with the most significant byte first.</summary>
    ByteOrder,

    /// <summary>Neither of PyTorch's formats.</summary>
    NotACheckpoint,

    /// <summary>Data, but no dictionary of tensors.</summary>
    NotAStateDict,
}
