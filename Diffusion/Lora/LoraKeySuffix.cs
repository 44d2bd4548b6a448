namespace NodeHost.Diffusion.Lora;

/// <summary>What the key of an adapter's tensor ends with, over the trainers that wrote such files.</summary>
internal static class LoraKeySuffix
{
    public enum Part
    {
        Up,
        Down,
        Mid,
        Alpha,
    }

    private static readonly (string Suffix, Part Part)[] Known =
    [
        // kohya-ss and LyCORIS
        (".lora_up.weight", Part.Up),
        (".lora_down.weight", Part.Down),
        (".lora_mid.weight", Part.Mid),
        (".alpha", Part.Alpha),
        // PEFT, diffusers, ai-toolkit, BFL
        (".lora_B.weight", Part.Up),
        (".lora_A.weight", Part.Down),
        (".lora_B.default.weight", Part.Up),
        (".lora_A.default.weight", Part.Down),
        (".lora_B", Part.Up),
        (".lora_A", Part.Down),
        // diffusers before PEFT
        (".lora.up.weight", Part.Up),
        (".lora.down.weight", Part.Down),
        (".lora_linear_layer.up.weight", Part.Up),
        (".lora_linear_layer.down.weight", Part.Down),
        ("_lora.up.weight", Part.Up),
        ("_lora.down.weight", Part.Down),
    ];

    /// <summary>Splits a key into the layer's name and the part; null where it is no low-rank update.</summary>
    public static (string Name, Part Part)? Split(string key)
    {
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
