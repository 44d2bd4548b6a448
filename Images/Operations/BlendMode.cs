namespace NodeHost.Images.Operations;

/// <summary>How the colours of two pictures are mixed.</summary>
public enum BlendMode
{
    Normal,
    Multiply,
    Screen,
    Overlay,
    SoftLight,
    Difference,
}
