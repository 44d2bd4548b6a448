namespace NodeHost.Tensors.Pickle;

/// <summary>What an allowed name of a pickle stands for. Never a .NET type: no name is ever looked up anywhere.</summary>
internal sealed record PickleGlobal(string Name, PickleFunction Function, DType? DType = null)
{
    private static readonly Dictionary<string, PickleGlobal> Allowed = Build();

    /// <summary>The allow-list's entry, or null.</summary>
    public static PickleGlobal? Find(string module, string name) =>
        // The pair is one key: a dot in the name must not move what is the module.
        name.Contains('.', StringComparison.Ordinal)
            ? null
            : Allowed.GetValueOrDefault($"{module}.{name}");

    private static Dictionary<string, PickleGlobal> Build()
    {
        (string Name, PickleFunction Function)[] functions =
        [
            ("collections.OrderedDict", PickleFunction.OrderedDict),
            ("torch._utils._rebuild_tensor", PickleFunction.RebuildTensor),
            ("torch._utils._rebuild_tensor_v2", PickleFunction.RebuildTensorV2),
            ("torch._utils._rebuild_parameter", PickleFunction.RebuildParameter),
            ("torch.Size", PickleFunction.Size),
            ("builtins.set", PickleFunction.Inert),
            ("__builtin__.set", PickleFunction.Inert),
            ("_codecs.encode", PickleFunction.Encode),
            // Training state in the first Stable Diffusion checkpoints, beside the weights.
            ("pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint", PickleFunction.Inert),
            ("pytorch_lightning.callbacks.ModelCheckpoint", PickleFunction.Inert),
            ("numpy.core.multiarray.scalar", PickleFunction.Inert),
            ("numpy._core.multiarray.scalar", PickleFunction.Inert),
            ("numpy.dtype", PickleFunction.Inert),
        ];
        (string Name, DType DType)[] storages =
        [
            ("DoubleStorage", Tensors.DType.Float64),
            ("FloatStorage", Tensors.DType.Float32),
            ("HalfStorage", Tensors.DType.Float16),
            ("BFloat16Storage", Tensors.DType.BFloat16),
            ("LongStorage", Tensors.DType.Int64),
            ("IntStorage", Tensors.DType.Int32),
            ("ShortStorage", Tensors.DType.Int16),
            ("CharStorage", Tensors.DType.Int8),
            ("ByteStorage", Tensors.DType.UInt8),
            ("BoolStorage", Tensors.DType.Bool),
        ];
        string[] types =
        [
            "float64 double float32 float float16 half bfloat16 float8_e4m3fn float8_e5m2 int64 long int32 int int16 short",
            "int8 uint8 uint16 uint32 uint64 bool complex32 complex64 cfloat complex128 cdouble",
        ];
        return functions
            .Select(function => new PickleGlobal(function.Name, function.Function))
            .Concat(storages.Select(type => new PickleGlobal($"torch.{type.Name}", PickleFunction.Storage, type.DType)))
            .Concat(
                types
                    .SelectMany(line => line.Split(' '))
                    .Select(type => new PickleGlobal($"torch.{type}", PickleFunction.ElementType))
            )
            .ToDictionary(global => global.Name, StringComparer.Ordinal);
    }
}

/// <summary>What happens when an allowed name is called.</summary>
internal enum PickleFunction
{
    OrderedDict,
    RebuildTensor,
    RebuildTensorV2,
    RebuildParameter,
    Size,
    Encode,

    /// <summary>Nothing: the result is of no use here.</summary>
    Inert,

    /// <summary>Not callable: a storage type in a persistent id.</summary>
    Storage,

    /// <summary>Not callable: a value such as <c>torch.float16</c>.</summary>
    ElementType,
}
