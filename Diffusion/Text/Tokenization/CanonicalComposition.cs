using System.Runtime.InteropServices;
using System.Text;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>
/// Unicode's Normalization Form C (https://www.unicode.org/reports/tr15/). With InvariantGlobalization, which spares
/// users the ICU libraries, <c>string.Normalize</c> leaves text as it is.
/// </summary>
internal sealed class CanonicalComposition
{
    // Hangul syllables are computed: https://www.unicode.org/versions/latest/core-spec/chapter-3/#G56669
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TrailCount;

    /// <summary>All characters below are whole and combine with nothing before them.</summary>
    private const char FirstCombining = '\u0300';

    private static readonly Lazy<CanonicalComposition> Instance = new(() => new CanonicalComposition());

    private readonly CanonicalForms _forms = new();

    /// <summary>Gives the composed form of text without lone surrogates.</summary>
    public static string Compose(string text) =>
        text.AsSpan().IndexOfAnyExceptInRange('\0', (char)(FirstCombining - 1)) < 0
            ? text
            : Instance.Value.ComposeAll(text);

    private string ComposeAll(string text)
    {
        var characters = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, characters);
        }
        Order(characters);

        var result = new StringBuilder(text.Length);
        for (var start = 0; start < characters.Count; )
        {
            start = ComposeFrom(characters, start, result);
        }
        return result.ToString();
    }

    private void Decompose(int character, List<int> result)
    {
        var syllable = character - SyllableBase;
        if (syllable is >= 0 and < SyllableCount)
        {
            result.Add(LeadBase + (syllable / (VowelCount * TrailCount)));
            result.Add(VowelBase + (syllable / TrailCount % VowelCount));
            if (syllable % TrailCount > 0)
            {
                result.Add(TrailBase + (syllable % TrailCount));
            }
        }
        else if (_forms.PartsOf(character) is { } parts)
        {
            // Parts have parts again, at most four deep in Unicode's data.
            foreach (var part in parts)
            {
                Decompose(part, result);
            }
        }
        else
        {
            result.Add(character);
        }
    }

    /// <summary>Sorts each run of combining marks by class; marks of one class keep their order.</summary>
    private void Order(List<int> characters)
    {
        for (var start = 0; start < characters.Count; start++)
        {
            var end = start;
            var isOrdered = true;
            for (var last = 0; end < characters.Count && ClassOf(characters[end]) is var own and > 0; end++)
            {
                isOrdered &= own >= last;
                last = own;
            }
            if (!isOrdered)
            {
                var ordered = characters[start..end].OrderBy(ClassOf).ToArray();
                ordered.CopyTo(CollectionsMarshal.AsSpan(characters)[start..]);
            }
            start = end;
        }
    }

    /// <summary>Writes one starter with the marks and following starters it takes in; gives the place behind them.</summary>
    private int ComposeFrom(List<int> characters, int start, StringBuilder result)
    {
        var composed = characters[start];
        List<int> marks = [];
        var next = start + 1;
        if (ClassOf(composed) == 0)
        {
            var lastClass = 0;
            for (; next < characters.Count; next++)
            {
                var own = ClassOf(characters[next]);
                var isBlocked = marks.Count > 0 && lastClass >= own;
                if (!isBlocked && TryCompose(composed, characters[next]) is { } both)
                {
                    composed = both;
                    continue;
                }
                if (own == 0)
                {
                    break;
                }
                marks.Add(characters[next]);
                lastClass = own;
            }
        }
        Append(result, composed);
        foreach (var mark in marks)
        {
            Append(result, mark);
        }
        return next;
    }

    private int? TryCompose(int first, int second)
    {
        var (lead, vowel) = (first - LeadBase, second - VowelBase);
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            return SyllableBase + (((lead * VowelCount) + vowel) * TrailCount);
        }
        var (syllable, trail) = (first - SyllableBase, second - TrailBase);
        if (syllable is >= 0 and < SyllableCount && syllable % TrailCount == 0 && trail is > 0 and < TrailCount)
        {
            return first + trail;
        }
        return _forms.CompositeOf(first, second);
    }

    private int ClassOf(int character) => character < FirstCombining ? 0 : _forms.ClassOf(character);

    private static void Append(StringBuilder result, int character)
    {
        if (character <= char.MaxValue)
        {
            result.Append((char)character);
        }
        else
        {
            result.Append(char.ConvertFromUtf32(character));
        }
    }
}
