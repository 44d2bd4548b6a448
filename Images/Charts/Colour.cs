namespace NodeHost.Images.Charts;

/// <summary>An opaque colour; the palette of charts tells its entries apart for the colour-blind too (Okabe and Ito's).</summary>
public readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    public static Colour White { get; } = new(255, 255, 255);

    public static Colour Ink { get; } = new(40, 40, 48);

    public static Colour Grey { get; } = new(120, 120, 130);

    public static Colour Grid { get; } = new(228, 228, 234);

    public static Colour Azure { get; } = new(0, 114, 178);

    public static Colour Vermilion { get; } = new(213, 94, 0);

    public static Colour Jade { get; } = new(0, 158, 115);

    public static Colour Pink { get; } = new(204, 121, 167);

    /// <summary>A colour that differs from those at neighbouring indexes.</summary>
    public static Colour Series(int index) =>
        (index % 4) switch
        {
            0 => Azure,
            1 => Vermilion,
            2 => Jade,
            _ => Pink,
        };

    /// <summary>From this colour (0) to another (1).</summary>
    public Colour Towards(Colour other, double share) =>
        new(Mix(Red, other.Red, share), Mix(Green, other.Green, share), Mix(Blue, other.Blue, share));

    private static byte Mix(byte from, byte to, double share) =>
        (byte)Math.Round(from + (to - from) * Math.Clamp(share, 0, 1));
}
