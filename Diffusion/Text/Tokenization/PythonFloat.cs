using System.Buffers;
using System.Globalization;
using System.Text;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>Reads what Python's <c>float(text)</c> reads: any decimal digits, underscores between digits, inf and nan.</summary>
internal static class PythonFloat
{
    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        while (text.Length > 0 && PythonText.IsSpace(text[0]))
        {
            text = text[1..];
        }
        while (text.Length > 0 && PythonText.IsSpace(text[^1]))
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
            if (Rune.DecodeFromUtf16(text[i..], out var rune, out var length) != OperationStatus.Done)
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
}
