namespace NodeHost.Images.Operations;

/// <summary>The compositing operators of Porter and Duff, and the blend modes usually listed with them.</summary>
public enum PorterDuffMode
{
    Add,
    Clear,
    Darken,
    Destination,
    DestinationAtop,
    DestinationIn,
    DestinationOut,
    DestinationOver,
    Lighten,
    Multiply,
    Overlay,
    Screen,
    Source,
    SourceAtop,
    SourceIn,
    SourceOut,
    SourceOver,
    Xor,
}
