namespace NodeHost.Nodes.Latents;

/// <summary>Keys of ComfyUI's <c>.latent</c> files, which are safetensors files.</summary>
internal static class LatentFormatKeys
{
    public const string Samples = "latent_tensor";

    /// <summary>An empty tensor that marks files at the autoencoder's scale.</summary>
    public const string Version = "latent_format_version_0";

    /// <summary>Factor of files from before that mark, which hold latents at SD1.5's network scale.</summary>
    public const double FactorBeforeVersion = 1 / 0.18215;
}
