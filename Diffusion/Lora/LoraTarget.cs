namespace NodeHost.Diffusion.Lora;

/// <summary>The weight an update goes to; fused weights (qkv in one matrix) take it in a range of their rows.</summary>
/// <param name="Weight">Key of the weight, without the checkpoint's prefix.</param>
/// <param name="Rows">Rows of the weight; null for all.</param>
public sealed record LoraTarget(string Weight, LoraRows? Rows = null);

/// <summary>Rows of a fused weight.</summary>
/// <param name="Start">First row.</param>
/// <param name="Length">Number of rows.</param>
/// <param name="UpdateStart">Where the rows for them start in an update that is shared out; null: it has just these.</param>
public sealed record LoraRows(long Start, long Length, long? UpdateStart = null);
