using System.Runtime.CompilerServices;
using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>A network: a part of a file with certain adapters merged in a certain order.</summary>
internal sealed class NetworkKey(ModelPart part, IReadOnlyList<WeightPatch> patches) : IEquatable<NetworkKey>
{
    private readonly ModelPart _part = part;
    private readonly WeightPatch[] _patches = [.. patches];

    public bool Equals(NetworkKey? other) =>
        other is not null
        && ReferenceEquals(_part, other._part)
        && _patches.Length == other._patches.Length
        && _patches.Zip(other._patches).All(pair => IsSame(pair.First, pair.Second));

    public override bool Equals(object? obj) => Equals(obj as NetworkKey);

    public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(_part), _patches.Length);

    private static bool IsSame(WeightPatch first, WeightPatch second) =>
        ReferenceEquals(first.Adapter, second.Adapter) && first.Strength.Equals(second.Strength);
}
