namespace NodeHost.Images.Operations;

/// <summary>ComfyUI's ways of resizing pictures.</summary>
public enum UpscaleMethod
{
    NearestExact,
    Bilinear,
    Area,
    Bicubic,
    Lanczos,
}
