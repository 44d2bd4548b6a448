using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>A network that a family recognised in a file, ready to be built.</summary>
public abstract class ModelPart
{
    private readonly Lazy<WeightTarget> _target;

    private protected ModelPart(ModelRole role, IWeightSource source, string prefix)
    {
        Role = role;
        Source = source;
        Prefix = prefix;
        _target = new(() => new WeightTarget(Role, AdapterPart, NamedWeights()) { IsOnly = IsOnly });
    }

    public ModelRole Role { get; }

    /// <summary>Name of the model family, e.g. <c>SD1.5</c>.</summary>
    public required string Family { get; init; }

    /// <summary>What sets it apart within the family, e.g. <c>inpainting</c>; empty for the plain model.</summary>
    public string Variant { get; init; } = "";

    public IWeightSource Source { get; }

    /// <summary>What the file puts before the network's own keys.</summary>
    public string Prefix { get; }

    /// <summary>File and part, for messages.</summary>
    public string Name => Prefix.Length == 0 ? Source.Name : $"{Source.Name} ({Prefix.TrimEnd('.')})";

    /// <summary>The network as adapters see it.</summary>
    internal WeightTarget Target => _target.Value;

    /// <summary>The types the network may compute in, the best first.</summary>
    internal virtual IReadOnlyList<DType> ComputeTypes => [DType.Float32];

    /// <summary>The type weights are kept in; null for the one that is computed in.</summary>
    internal virtual DType? Storage => null;

    /// <summary>What adapters call the part.</summary>
    internal virtual string AdapterPart => Family;

    /// <summary>Whether its model has no other network of its role.</summary>
    internal virtual bool IsOnly => false;

    public override string ToString() => Variant.Length == 0 ? $"{Family} {Role}" : $"{Family} {Variant} {Role}";

    /// <summary>Builds the network from its weights.</summary>
    internal abstract object Build(Weights w);

    /// <summary>The weights of the network with adapters merged.</summary>
    /// <param name="patches">The adapters, in order.</param>
    /// <param name="keptBytes">How many bytes are kept from the start; see <see cref="WeightSet"/>.</param>
    /// <param name="place">Where it computes, and in what type.</param>
    internal WeightSet Open(
        IReadOnlyList<WeightPatch> patches,
        long keptBytes = long.MaxValue,
        ComputePlace? place = null
    )
    {
        var computed = place ?? ComputePlace.Cpu;
        var patchers = Patchers(patches);
        var patcher = patchers.Count == 0 ? null : new WeightPatcherChain(patchers);
        return new(Source, Storage ?? computed.DType, Prefix, patcher, keptBytes, computed);
    }

    /// <summary>The adapters that change the network, in order.</summary>
    internal IReadOnlyList<IWeightPatcher> Patchers(IReadOnlyList<WeightPatch> patches) =>
        [.. patches.Select(patch => patch.Adapter.For(Target, patch.Strength)).OfType<IWeightPatcher>()];

    private Dictionary<string, WeightInfo> NamedWeights() =>
        Source
            .Entries.Where(entry => entry.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[Prefix.Length..], entry => entry.Value, StringComparer.Ordinal);
}
