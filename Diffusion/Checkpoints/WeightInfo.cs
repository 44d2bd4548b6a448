using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>What a checkpoint's header says of one tensor.</summary>
public sealed record WeightInfo(DType DType, IReadOnlyList<long> Shape)
{
    public override string ToString() => $"[{string.Join(", ", Shape)}] {DType.ShortName()}";
}
