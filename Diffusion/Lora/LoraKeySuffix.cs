namespace NodeHost.Diffusion.Lora;

/// <summary>What the key of an adapter's tensor ends with, over the trainers that wrote such files.</summary>
internal static class LoraKeySuffix
{
    // What PEFT calls an adapter that was given no name.
    private const string DefaultAdapter = ".default";

    private static readonly (string Suffix, LoraKeyPart Part)[] Known =
    [
        // kohya-ss and LyCORIS
        (".lora_up.weight", LoraKeyPart.Up),
        (".lora_down.weight", LoraKeyPart.Down),
        (".lora_mid.weight", LoraKeyPart.Mid),
        (".alpha", LoraKeyPart.Alpha),
        (".dora_scale", LoraKeyPart.Magnitude),
        (".hada_w1_a", LoraKeyPart.HadamardW1A),
        (".hada_w1_b", LoraKeyPart.HadamardW1B),
        (".hada_t1", LoraKeyPart.HadamardT1),
        (".hada_w2_a", LoraKeyPart.HadamardW2A),
        (".hada_w2_b", LoraKeyPart.HadamardW2B),
        (".hada_t2", LoraKeyPart.HadamardT2),
        (".lokr_w1", LoraKeyPart.KroneckerW1),
        (".lokr_w1_a", LoraKeyPart.KroneckerW1A),
        (".lokr_w1_b", LoraKeyPart.KroneckerW1B),
        (".lokr_w2", LoraKeyPart.KroneckerW2),
        (".lokr_w2_a", LoraKeyPart.KroneckerW2A),
        (".lokr_w2_b", LoraKeyPart.KroneckerW2B),
        (".lokr_t2", LoraKeyPart.KroneckerT2),
        (".diff", LoraKeyPart.Difference),
        (".diff_b", LoraKeyPart.BiasDifference),
        (".w_norm", LoraKeyPart.Difference),
        (".b_norm", LoraKeyPart.BiasDifference),
        (".set_weight", LoraKeyPart.NewWeight),
        (".a1.weight", LoraKeyPart.GeneralizedA1),
        (".a2.weight", LoraKeyPart.GeneralizedA2),
        (".b1.weight", LoraKeyPart.GeneralizedB1),
        (".b2.weight", LoraKeyPart.GeneralizedB2),
        (".bm.weight", LoraKeyPart.GeneralizedMid),
        (".oft_blocks", LoraKeyPart.OrthogonalBlocks),
        (".rescale", LoraKeyPart.OrthogonalScale),
        // PEFT, diffusers, ai-toolkit, BFL
        (".lora_B.weight", LoraKeyPart.Up),
        (".lora_A.weight", LoraKeyPart.Down),
        (".lora_B", LoraKeyPart.Up),
        (".lora_A", LoraKeyPart.Down),
        (".lora_B.bias", LoraKeyPart.BiasDifference),
        (".lora_magnitude_vector", LoraKeyPart.Magnitude),
        (".lora_magnitude_vector.weight", LoraKeyPart.Magnitude),
        // diffusers before PEFT
        (".lora.up.weight", LoraKeyPart.Up),
        (".lora.down.weight", LoraKeyPart.Down),
        (".lora_linear_layer.up.weight", LoraKeyPart.Up),
        (".lora_linear_layer.down.weight", LoraKeyPart.Down),
        ("_lora.up.weight", LoraKeyPart.Up),
        ("_lora.down.weight", LoraKeyPart.Down),
    ];

    /// <summary>Splits a key into the layer's name and the part; null where it is none of an adapter's.</summary>
    public static (string Name, LoraKeyPart Part)? Split(string key)
    {
        key = key.Replace($"{DefaultAdapter}.weight", ".weight", StringComparison.Ordinal)
            .Replace($"{DefaultAdapter}.bias", ".bias", StringComparison.Ordinal);
        if (key.EndsWith(DefaultAdapter, StringComparison.Ordinal))
        {
            key = key[..^DefaultAdapter.Length];
        }
        foreach (var (suffix, part) in Known)
        {
            if (key.EndsWith(suffix, StringComparison.Ordinal))
            {
                return (key[..^suffix.Length], part);
            }
        }
        return null;
    }
}
