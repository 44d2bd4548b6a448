using System.Globalization;
using System.Text;

namespace NodeHost.Nodes.Strings;

/// <summary>
/// Upper and lower case as Python has them: by Unicode's full mappings, where one letter may become two (ß, SS) and a sigma
/// at the end of a word has a form of its own. .NET maps letter by letter.
/// </summary>
/// <remarks>https://www.unicode.org/Public/UNIDATA/SpecialCasing.txt, but for polytonic Greek and Armenian ligatures.</remarks>
internal static class PythonCase
{
    private const char Sigma = 'Σ';
    private const char FinalSigma = 'ς';

    private static readonly Dictionary<Rune, string> Uppers = new()
    {
        [new('ß')] = "SS",
        [new('ŉ')] = "ʼN",
        [new('ǰ')] = "J\u030c",
        [new('ΐ')] = "Ι\u0308\u0301",
        [new('ΰ')] = "Υ\u0308\u0301",
        [new('և')] = "ԵՒ",
        [new('ẖ')] = "H\u0331",
        [new('ẗ')] = "T\u0308",
        [new('ẘ')] = "W\u030a",
        [new('ẙ')] = "Y\u030a",
        [new('ẚ')] = "Aʾ",
        [new('ﬀ')] = "FF",
        [new('ﬁ')] = "FI",
        [new('ﬂ')] = "FL",
        [new('ﬃ')] = "FFI",
        [new('ﬄ')] = "FFL",
        [new('ﬅ')] = "ST",
        [new('ﬆ')] = "ST",
    };

    // Letters that are two in one glyph have a third form for the beginning of a word.
    private static readonly Dictionary<Rune, string> Titles = new()
    {
        [new('Ǆ')] = "ǅ",
        [new('ǆ')] = "ǅ",
        [new('Ǉ')] = "ǈ",
        [new('ǉ')] = "ǈ",
        [new('Ǌ')] = "ǋ",
        [new('ǌ')] = "ǋ",
        [new('Ǳ')] = "ǲ",
        [new('ǳ')] = "ǲ",
    };

    public static string Upper(string text) => string.Concat(text.EnumerateRunes().Select(Upper));

    public static string Lower(string text)
    {
        var result = new StringBuilder(text.Length);
        var position = 0;
        foreach (var letter in text.EnumerateRunes())
        {
            if (letter.Value == Sigma && EndsWord(text, position))
            {
                result.Append(FinalSigma);
            }
            else
            {
                result.Append(letter.Value == 'İ' ? "i\u0307" : Rune.ToLowerInvariant(letter).ToString());
            }
            position += letter.Utf16SequenceLength;
        }
        return result.ToString();
    }

    /// <summary>The first letter as at the beginning of a title, the others in lower case.</summary>
    public static string Capitalize(string text) =>
        text.EnumerateRunes().Select(letter => (Rune?)letter).FirstOrDefault() is { } first
            ? Title(first) + Lower(text)[Lower(first.ToString()).Length..]
            : "";

    /// <summary>Every letter that follows none as at the beginning of a title: "they're" becomes "They'Re".</summary>
    public static string Words(string text)
    {
        var word = new StringBuilder();
        var result = new StringBuilder(text.Length);
        foreach (var letter in text.EnumerateRunes())
        {
            if (!Rune.IsLetter(letter))
            {
                End();
                result.Append(letter);
            }
            else
            {
                word.Append(letter);
            }
        }
        End();
        return result.ToString();

        void End()
        {
            result.Append(Capitalize(word.ToString()));
            word.Clear();
        }
    }

    private static string Upper(Rune letter) =>
        Uppers.TryGetValue(letter, out var special) ? special : Rune.ToUpperInvariant(letter).ToString();

    private static string Title(Rune letter) =>
        Titles.TryGetValue(letter, out var title) ? title
        : Uppers.TryGetValue(letter, out var special) && char.IsLetter(special[0])
            ? special[0] + special[1..].ToLowerInvariant()
        : Upper(letter);

    /// <summary>Whether a letter stands before a place and none behind it, whatever marks and apostrophes lie between.</summary>
    private static bool EndsWord(string text, int place) =>
        IsCased(Enumerable.Range(1, place).Select(back => text[place - back])) && !IsCased(text.Skip(place + 1));

    private static bool IsCased(IEnumerable<char> letters) =>
        letters.FirstOrDefault(letter => !IsIgnored(letter)) is var found && char.IsLetter(found);

    private static bool IsIgnored(char letter) =>
        letter is '\'' or '’' or '.' or ':' or '·' or '^' or '`'
        || char.GetUnicodeCategory(letter)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.ModifierSymbol;
}
