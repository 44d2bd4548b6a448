namespace NodeHost.Nodes.Files;

/// <summary>A folder key such as <c>checkpoints</c>: where its files lie under <c>models/</c> and what they end with.</summary>
/// <param name="Key">The name clients use.</param>
/// <param name="Subfolders">Folders under each model root, in the order of search.</param>
/// <param name="Extensions">Lower case; null = every file.</param>
public sealed record ModelFolder(string Key, IReadOnlyList<string> Subfolders, IReadOnlySet<string>? Extensions)
{
    /// <summary>Endings of files that hold weights, lower case.</summary>
    public static readonly IReadOnlySet<string> Weights = new HashSet<string>
    {
        ".ckpt",
        ".pt",
        ".pt2",
        ".bin",
        ".pth",
        ".safetensors",
        ".pkl",
        ".sft",
    };

    private static readonly HashSet<string> Gguf = [".gguf"];

    /// <summary>ComfyUI's keys in its order, then NodeHost's own.</summary>
    public static IReadOnlyDictionary<string, ModelFolder> Known { get; } =
        new ModelFolder[]
        {
            new("checkpoints", ["checkpoints"], Weights),
            new("configs", ["configs"], new HashSet<string> { ".yaml" }),
            new("loras", ["loras"], Weights),
            new("vae", ["vae"], Weights),
            new("text_encoders", ["text_encoders", "clip"], Weights),
            new("diffusion_models", ["unet", "diffusion_models"], Weights),
            new("clip_vision", ["clip_vision"], Weights),
            new("style_models", ["style_models"], Weights),
            new("embeddings", ["embeddings"], Weights),
            // A diffusers model is a folder: no file is one.
            new("diffusers", ["diffusers"], new HashSet<string> { "folder" }),
            new("vae_approx", ["vae_approx"], Weights),
            new("controlnet", ["controlnet", "t2i_adapter"], Weights),
            new("gligen", ["gligen"], Weights),
            new("upscale_models", ["upscale_models"], Weights),
            new("custom_nodes", [], null),
            new("hypernetworks", ["hypernetworks"], Weights),
            new("photomaker", ["photomaker"], Weights),
            new("classifiers", ["classifiers"], new HashSet<string> { "" }),
            new("model_patches", ["model_patches"], Weights),
            new("audio_encoders", ["audio_encoders"], Weights),
            new("tokenizers", ["tokenizers"], null) { IsOurOwn = true },
            new("unet_gguf", [], Gguf) { IsOurOwn = true, FoldersOf = "diffusion_models" },
            new("clip_gguf", [], Gguf) { IsOurOwn = true, FoldersOf = "text_encoders" },
        }.ToDictionary(folder => folder.Key);

    /// <summary>Not one of ComfyUI's: left out of listings.</summary>
    public bool IsOurOwn { get; init; }

    /// <summary>The key whose folders it shares; null where it has its own.</summary>
    public string? FoldersOf { get; init; }

    /// <summary>Resolves the old names <c>unet</c> and <c>clip</c>.</summary>
    public static string CanonicalKey(string key) =>
        key switch
        {
            "unet" => "diffusion_models",
            "clip" => "text_encoders",
            _ => key,
        };

    public bool Accepts(string fileName) =>
        Extensions is null || Extensions.Contains(Path.GetExtension(fileName).ToLowerInvariant());
}
