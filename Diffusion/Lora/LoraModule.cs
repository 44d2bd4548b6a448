namespace NodeHost.Diffusion.Lora;

/// <summary>One low-rank update in an adapter file: the keys of its matrices.</summary>
/// <param name="Name">What the file calls the layer, e.g. <c>lora_unet_mid_block_attentions_0_proj_in</c>.</param>
/// <param name="Up">Key of B [out, rank] (or a convolution's [out, rank, 1, 1]).</param>
/// <param name="Down">Key of A [rank, in] (or [rank, in, kH, kW]).</param>
public sealed record LoraModule(string Name, string Up, string Down)
{
    /// <summary>Key of the core [rank, rank, kH, kW] between both, in convolutions decomposed after CP.</summary>
    public string? Mid { get; init; }

    /// <summary>Key of the number that is divided by the rank; without it the factor is 1.</summary>
    public string? Alpha { get; init; }
}
