namespace NodeHost.Images.Operations;

/// <summary>The operations of grey morphology.</summary>
public enum MorphologyOperation
{
    Erode,
    Dilate,
    Open,
    Close,
    Gradient,
    BottomHat,
    TopHat,
}
