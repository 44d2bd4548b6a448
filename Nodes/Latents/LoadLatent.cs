using System.Security.Cryptography;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Nodes.Latents;

/// <summary>Loads a saved latent from the input folder.</summary>
[Node("LoadLatent", Category = "_for_testing", DisplayName = "LoadLatent")]
[Validates(nameof(Latent))]
public sealed class LoadLatent : INode<Latent>, IValidatedNode, IFingerprintedNode
{
    [Choice(typeof(LatentFiles))]
    public required string Latent { get; init; }

    /// <summary>Sound has one place beside batch and channels, pictures have two.</summary>
    private const int LeastRank = 3;

    public Latent Execute(NodeContext context)
    {
        using var file = SafetensorsFile.Open(context.Get<IFolderPaths>().RequirePicture(Latent));
        var samples = file.Load(LatentFormatKeys.Samples, DType.Float32);
        if (samples.Rank < LeastRank || samples.ElementCount == 0)
        {
            throw new ArgumentException(
                $"LoadLatent #{context.NodeId}, input 'latent': '{LatentFormatKeys.Samples}' in {Latent} must be a latent [batch, channels, ...], "
                    + $"got {samples}. Choose a file that SaveLatent wrote."
            );
        }
        return new Latent(
            file.Contains(LatentFormatKeys.Version) ? samples : samples * LatentFormatKeys.FactorBeforeVersion
        );
    }

    public ValidationVerdict Validate(ValidationContext context) =>
        context.Get<IFolderPaths>().FindPicture(Latent) is null
            ? ValidationVerdict.Because($"Invalid latent file: {Latent}")
            : ValidationVerdict.Accepted;

    public object? Fingerprint(NodeContext context)
    {
        using var stream = File.OpenRead(context.Get<IFolderPaths>().RequirePicture(Latent));
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
