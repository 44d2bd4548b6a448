namespace NodeHost.Images;

/// <summary>Where the alpha of a picture comes from; it decides whether ComfyUI's LoadImage sees it.</summary>
public enum AlphaSource
{
    /// <summary>There is none; frames have three channels.</summary>
    None,

    /// <summary>An alpha channel, or transparent palette entries.</summary>
    Channel,

    /// <summary>One colour of a grey or RGB picture is declared transparent: a mask for LoadImageMask, none for LoadImage.</summary>
    ColourKey,
}
