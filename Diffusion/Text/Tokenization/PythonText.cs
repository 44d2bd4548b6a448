using System.Globalization;
using System.Text;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>
/// The few places where prompts show Python's reading of text: white space, <c>str.split</c>, <c>str.lower</c> and <c>float</c>.
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

    /// <summary>Reads what Python's <c>float(text)</c> reads: any decimal digits, underscores between digits, inf and nan.</summary>
    public static bool TryParseFloat(ReadOnlySpan<char> text, out double value)
    {
        while (text.Length > 0 && IsSpace(text[0]))
        {
            text = text[1..];
        }
        while (text.Length > 0 && IsSpace(text[^1]))
        {
            text = text[..^1];
        }
        value = 0;
        if (text.IsEmpty)
        {
            return false;
        }

        var negative = text[0] == '-';
        var magnitude = text[0] is '-' or '+' ? text[1..] : text;
        if (IsWord(magnitude, "inf") || IsWord(magnitude, "infinity"))
        {
            value = negative ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        if (IsWord(magnitude, "nan"))
        {
            value = double.NaN;
            return true;
        }
        if (!TryWriteDecimal(magnitude, out var digits))
        {
            return false;
        }
        value = double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
        value = negative ? -value : value;
        return true;

        static bool IsWord(ReadOnlySpan<char> text, string word) =>
            text.Equals(word, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>digits [. digits] [e [sign] digits], at least one digit before the exponent.</summary>
    private static bool TryWriteDecimal(ReadOnlySpan<char> text, out string ascii)
    {
        ascii = "";
        var written = new StringBuilder(text.Length);
        var i = 0;
        var mantissa = TakeDigits(text, ref i, written);
        if (mantissa >= 0 && i < text.Length && text[i] == '.')
        {
            written.Append('.');
            i++;
            var fraction = TakeDigits(text, ref i, written);
            mantissa = fraction < 0 ? fraction : mantissa + fraction;
        }
        if (mantissa <= 0)
        {
            return false;
        }
        if (i < text.Length && text[i] is 'e' or 'E')
        {
            written.Append('e');
            i++;
            if (i < text.Length && text[i] is '+' or '-')
            {
                written.Append(text[i++]);
            }
            if (TakeDigits(text, ref i, written) <= 0)
            {
                return false;
            }
        }
        ascii = written.ToString();
        return i == text.Length;
    }

    /// <summary>The number of digits taken, or -1 where an underscore does not stand between two digits.</summary>
    private static int TakeDigits(ReadOnlySpan<char> text, ref int i, StringBuilder written)
    {
        var count = 0;
        var afterUnderscore = false;
        while (i < text.Length)
        {
            if (text[i] == '_')
            {
                if (count == 0 || afterUnderscore)
                {
                    return -1;
                }
                afterUnderscore = true;
                i++;
                continue;
            }
            if (Rune.DecodeFromUtf16(text[i..], out var rune, out var length) != System.Buffers.OperationStatus.Done)
            {
                break;
            }
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.DecimalDigitNumber)
            {
                break;
            }
            written.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            i += length;
            count++;
            afterUnderscore = false;
        }
        return afterUnderscore ? -1 : count;
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
        rune.Value is 0xAA or 0xBA or (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9)
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
