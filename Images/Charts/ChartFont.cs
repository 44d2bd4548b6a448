namespace NodeHost.Images.Charts;

/// <summary>Letters of 5 by 7 points, so that charts need no font on the machine.</summary>
internal static class ChartFont
{
    public const int Height = 7;
    public const int Advance = Width + 1;

    private const int Width = 5;
    private const char Substitute = '?';

    private static readonly Dictionary<char, bool[]> Glyphs = Load();

    /// <summary>The points of a letter, row by row; a question mark for letters that are not drawn.</summary>
    public static bool[] Glyph(char letter) => Glyphs.GetValueOrDefault(letter) ?? Glyphs[Substitute];

    private static Dictionary<char, bool[]> Load()
    {
        using var stream = typeof(ChartFont).Assembly.GetManifestResourceStream("chart-font.txt")!;
        using var reader = new StreamReader(stream);
        var glyphs = new Dictionary<char, bool[]> { [' '] = new bool[Width * Height] };
        foreach (var band in reader.ReadToEnd().Split('\n').Skip(1).Chunk(1 + Height).Where(band => band.Length > 1))
        {
            for (var column = 0; column < band[0].Length; column += Advance)
            {
                glyphs[band[0][column]] =
                [
                    .. band.Skip(1).SelectMany(row => row.Substring(column, Width)).Select(point => point == '#'),
                ];
            }
        }
        return glyphs;
    }
}
