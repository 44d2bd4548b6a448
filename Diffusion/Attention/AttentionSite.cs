namespace NodeHost.Diffusion.Attention;

/// <summary>Where in a network an attention layer stands.</summary>
/// <param name="Block">Kind of block: <c>double</c>, <c>single</c> (Flux), <c>input</c>, <c>middle</c>, <c>output</c> (UNet).</param>
/// <param name="BlockIndex">Number of the block among its kind, counted as in the checkpoint's keys.</param>
/// <param name="TotalBlocks">Number of blocks of that kind.</param>
/// <param name="Layer"><c>attn1</c> (self), <c>attn2</c> (cross) or <c>joint</c> (Flux).</param>
/// <param name="TransformerIndex">Number of the transformer layer inside the block (UNet); 0 elsewhere.</param>
public sealed record AttentionSite(
    string Block,
    int BlockIndex,
    int TotalBlocks,
    string Layer,
    int TransformerIndex = 0
)
{
    /// <summary>Short name used in reports and measurement files, e.g. <c>double_3</c> or <c>input_4_attn2</c>.</summary>
    public string Name => Layer == "joint" ? $"{Block}_{BlockIndex}" : $"{Block}_{BlockIndex}_{Layer}";
}
