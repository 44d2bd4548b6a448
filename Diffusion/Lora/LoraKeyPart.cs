namespace NodeHost.Diffusion.Lora;

/// <summary>What one tensor of an adapter file is to its layer's update.</summary>
internal enum LoraKeyPart
{
    Alpha,

    /// <summary>DoRA's magnitudes.</summary>
    Magnitude,

    // LoRA and LoCon
    Up,
    Down,
    Mid,

    // LoHa
    HadamardW1A,
    HadamardW1B,
    HadamardT1,
    HadamardW2A,
    HadamardW2B,
    HadamardT2,

    // LoKr
    KroneckerW1,
    KroneckerW1A,
    KroneckerW1B,
    KroneckerW2,
    KroneckerW2A,
    KroneckerW2B,
    KroneckerT2,

    // whole differences and whole weights
    Difference,
    BiasDifference,
    NewWeight,

    // GLoRA
    GeneralizedA1,
    GeneralizedA2,
    GeneralizedB1,
    GeneralizedB2,
    GeneralizedMid,

    // OFT and BOFT
    OrthogonalBlocks,
    OrthogonalScale,
}
