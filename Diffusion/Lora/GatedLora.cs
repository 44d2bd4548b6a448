namespace NodeHost.Diffusion.Lora;

/// <summary>A LoRA that is added to the outputs of layers while its gate is open, and never merged into weights.</summary>
/// <param name="File">The adapter.</param>
/// <param name="Strength">Factor of its contribution while the gate is fully open.</param>
/// <param name="Gate">When it applies.</param>
public sealed record GatedLora(LoraFile File, double Strength, LoraGate Gate)
{
    /// <summary>Factors of single blocks; null: all are 1.</summary>
    public BlockStrengths? Blocks { get; init; }
}
