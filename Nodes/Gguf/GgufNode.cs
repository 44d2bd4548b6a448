namespace NodeHost.Nodes.Gguf;

/// <summary>What the loaders of GGUF files have in common. Names and inputs are those of the custom nodes that workflows use.</summary>
internal static class GgufNode
{
    public const string Category = "bootleg";
    public const string Module = "custom_nodes.ComfyUI-GGUF";
}
