namespace NodeHost.Images.Charts;

/// <summary>A rectangle of a chart, in pixels from the top left.</summary>
public readonly record struct ChartArea(double Left, double Top, double Width, double Height)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;

    /// <summary>The rectangle without its margins.</summary>
    public ChartArea Inset(double left, double top, double right, double bottom) =>
        new(Left + left, Top + top, Math.Max(1, Width - left - right), Math.Max(1, Height - top - bottom));
}
