namespace NodeHost.Tensors;

/// <summary>Ways of resizing, with PyTorch's names.</summary>
public enum InterpolationMode
{
    Nearest,
    NearestExact,
    Bilinear,
    Bicubic,
    Area,
}
