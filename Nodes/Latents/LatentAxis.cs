namespace NodeHost.Nodes.Latents;

/// <summary>Axes by the letters that nodes offer.</summary>
internal static class LatentAxis
{
    /// <summary>The dimension, counted from the last: <c>x</c> is the width, <c>y</c> the height, <c>t</c> the one before.</summary>
    public static int Dimension(string letter) =>
        letter[^1] switch
        {
            'x' => -1,
            'y' => -2,
            _ => -3,
        };
}
