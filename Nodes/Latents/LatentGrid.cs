namespace NodeHost.Nodes.Latents;

/// <summary>Sizes and places in pixels, as nodes take them, on the grid of latent elements.</summary>
internal static class LatentGrid
{
    /// <summary>Pixels to one latent element, in each direction.</summary>
    public const int Pixels = 8;
}
