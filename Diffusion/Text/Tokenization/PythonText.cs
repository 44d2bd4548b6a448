using System.Globalization;
using System.Text;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>
/// Where prompts show Python's reading of text: white space, <c>str.split</c> and <c>str.lower</c>.
/// </summary>
internal static class PythonText
{
    private const char CapitalSigma = 'Σ';
    private const char FinalSigma = 'ς';

    /// <summary>Python also counts the four information separators as white space.</summary>
    public static bool IsSpace(char c) => c is >= '\x1c' and <= '\x1f' || char.IsWhiteSpace(c);

    public static List<string> SplitWords(string text)
    {
        List<string> words = [];
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inWord = i < text.Length && !IsSpace(text[i]);
            if (inWord && start < 0)
            {
                start = i;
            }
            else if (!inWord && start >= 0)
            {
                words.Add(text[start..i]);
                start = -1;
            }
        }
        return words;
    }

    /// <summary>Full lower-casing: the simple mapping, I with dot above, and sigma at the end of a word.</summary>
    public static string ToLower(string text)
    {
        var lower = new StringBuilder(text.Length);
        var position = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 'İ')
            {
                lower.Append("i\u0307");
            }
            else if (rune.Value == CapitalSigma)
            {
                lower.Append(IsFinalSigma(text, position) ? FinalSigma : 'σ');
            }
            else if (rune.IsBmp)
            {
                lower.Append((char)Rune.ToLowerInvariant(rune).Value);
            }
            else
            {
                lower.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            position += rune.Utf16SequenceLength;
        }
        return lower.ToString();
    }

    /// <summary>Unicode's Final_Sigma: a cased letter before, none behind, whatever is case-ignorable passed over.</summary>
    private static bool IsFinalSigma(string text, int position)
    {
        var before = position;
        var cased = false;
        while (before > 0)
        {
            Rune.DecodeLastFromUtf16(text.AsSpan(0, before), out var rune, out var length);
            before -= length;
            if (!IsCaseIgnorable(rune))
            {
                cased = IsCased(rune);
                break;
            }
        }
        if (!cased)
        {
            return false;
        }
        foreach (var rune in text.AsSpan(position + 1).EnumerateRunes())
        {
            if (!IsCaseIgnorable(rune))
            {
                return !IsCased(rune);
            }
        }
        return true;
    }

    private static bool IsCased(Rune rune) =>
        rune.Value
            is 0xAA
                or 0xBA
                or (>= 0x2160 and <= 0x217F)
                or (>= 0x24B6 and <= 0x24E9)
                or (>= 0x1F130 and <= 0x1F149)
                or (>= 0x1F150 and <= 0x1F169)
                or (>= 0x1F170 and <= 0x1F189)
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter;

    private static bool IsCaseIgnorable(Rune rune) =>
        rune.Value
            is '\''
                or '.'
                or ':'
                or 0xB7
                or 0x387
                or 0x55F
                or 0x5F4
                or 0x2018
                or 0x2019
                or 0x2024
                or 0x2027
                or 0xFE13
                or 0xFE52
                or 0xFE55
                or 0xFF07
                or 0xFF0E
                or 0xFF1A
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.ModifierSymbol;
}
