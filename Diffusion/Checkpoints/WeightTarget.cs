namespace NodeHost.Diffusion.Checkpoints;

/// <summary>A network that adapters may change: what part of a model it is, and its weights by their own names.</summary>
/// <param name="Role">What the network does.</param>
/// <param name="Part">Which of several of that role: for text encoders <c>l</c>, <c>g</c> or <c>t5xxl</c>; else the family.</param>
/// <param name="Weights">Names without the checkpoint's prefix.</param>
public sealed record WeightTarget(ModelRole Role, string Part, IReadOnlyDictionary<string, WeightInfo> Weights)
{
    /// <summary>Whether its model has no other network of that role; adapters leave its number out then.</summary>
    public bool IsOnly { get; init; }
}
