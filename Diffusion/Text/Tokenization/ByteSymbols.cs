namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>
/// GPT-2's printable stand-ins for the 256 byte values, in which byte-level BPE vocabularies are written:
/// printable Latin-1 stands for itself, the other bytes for U+0100 and on.
/// </summary>
internal static class ByteSymbols
{
    public const string EndOfWord = "</w>";

    public static char[] ByByte { get; } = Build();

    private static char[] Build()
    {
        var symbols = new char[256];
        var next = '\u0100';
        for (var value = 0; value < symbols.Length; value++)
        {
            var isPrintable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            symbols[value] = isPrintable ? (char)value : next++;
        }
        return symbols;
    }
}
