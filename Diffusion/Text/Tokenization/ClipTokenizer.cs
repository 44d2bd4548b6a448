using System.Globalization;
using System.Text;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>
/// CLIP's byte-level BPE tokenizer as Hugging Face's slow CLIPTokenizer computes it without ftfy
/// (transformers, Apache-2.0: https://github.com/huggingface/transformers/blob/main/src/transformers/models/clip/tokenization_clip.py):
/// control characters dropped, Chinese characters set apart, NFC, lower case, then words, digits and runs of signs.
/// </summary>
public sealed class ClipTokenizer(ClipVocabulary vocabulary) : ITokenizer
{
    private static readonly string[] SpecialTexts = [ClipVocabulary.StartText, ClipVocabulary.EndText];
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private readonly BytePairEncoder _words = new(vocabulary);

    public int? StartToken => vocabulary.StartToken;

    public int EndToken => vocabulary.EndToken;

    public int VocabularySize => vocabulary.Size;

    public void Encode(string text, List<int> ids)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(ids);
        // Special tokens are found in the raw text first, then what is between them is read by itself.
        var rest = text.AsSpan();
        while (FindSpecial(rest) is (var at, { } special))
        {
            EncodePlain(rest[..at], ids);
            ids.Add(SpecialToken(special));
            rest = rest[(at + special.Length)..];
        }
        EncodePlain(rest, ids);
    }

    private static (int At, string? Text) FindSpecial(ReadOnlySpan<char> text)
    {
        for (var at = 0; text[at..].IndexOf("<|", StringComparison.Ordinal) is var step and >= 0; at++)
        {
            at += step;
            foreach (var special in SpecialTexts)
            {
                if (text[at..].StartsWith(special, StringComparison.Ordinal))
                {
                    return (at, special);
                }
            }
        }
        return (text.Length, null);
    }

    private int SpecialToken(string text) => text == ClipVocabulary.StartText ? StartToken!.Value : EndToken;

    private void EncodePlain(ReadOnlySpan<char> text, List<int> ids)
    {
        var clean = PythonText.ToLower(CanonicalComposition.Compose(Clean(text)));
        var rest = clean.AsSpan();
        while (rest.Length > 0)
        {
            var length = NextWord(rest, out var isSpace);
            var word = rest[..length];
            rest = rest[length..];
            if (isSpace)
            {
                continue;
            }
            // Written in other case, special tokens arrive here; the match below also takes long s for s, they do not.
            var special = Array.Find(SpecialTexts, (string special) => special.Length == length);
            if (special is not null && word.SequenceEqual(special))
            {
                ids.Add(SpecialToken(special));
            }
            else
            {
                _words.Encode(word, ids);
            }
        }
    }

    /// <summary>Drops control, format, private and unassigned characters, turns white space into spaces, sets Chinese apart.</summary>
    private static string Clean(ReadOnlySpan<char> text)
    {
        var clean = new StringBuilder(text.Length);
        while (text.Length > 0)
        {
            var isValid =
                Rune.DecodeFromUtf16(text, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            var character = text[..length];
            text = text[length..];
            if (!isValid || rune == Rune.ReplacementChar)
            {
                continue;
            }
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control when rune.Value is '\t' or '\n' or '\r':
                case UnicodeCategory.SpaceSeparator:
                    clean.Append(' ');
                    break;
                case UnicodeCategory.Control:
                case UnicodeCategory.Format:
                case UnicodeCategory.PrivateUse:
                case UnicodeCategory.OtherNotAssigned:
                    break;
                default:
                    var apart = IsChinese(rune.Value) ? " " : "";
                    clean.Append(apart).Append(character).Append(apart);
                    break;
            }
        }
        return clean.ToString();
    }

    private static bool IsChinese(int value) =>
        value
            is (>= 0x4E00 and <= 0x9FFF)
                or (>= 0x3400 and <= 0x4DBF)
                or (>= 0x20000 and <= 0x2A6DF)
                or (>= 0x2A700 and <= 0x2B73F)
                or (>= 0x2B740 and <= 0x2CEAF)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>The length of what the text starts with: a special token, a contraction, letters, one digit, signs or spaces.</summary>
    private static int NextWord(ReadOnlySpan<char> text, out bool isSpace)
    {
        isSpace = false;
        foreach (
            var literal in text[0] == '<' ? SpecialTexts
            : text[0] == '\'' ? Contractions
            : []
        )
        {
            if (StartsWith(text, literal))
            {
                return literal.Length;
            }
        }
        var kind = KindOf(text, out var length);
        isSpace = kind == Kind.Space;
        while (kind != Kind.Digit && length < text.Length && KindOf(text[length..], out var more) == kind)
        {
            length += more;
        }
        return length;
    }

    /// <summary>The published pattern ignores case, and long s is a lower-case s of its own.</summary>
    private static bool StartsWith(ReadOnlySpan<char> text, string literal)
    {
        for (var i = 0; i < literal.Length; i++)
        {
            if (i >= text.Length || (text[i] == 'ſ' ? 's' : text[i]) != literal[i])
            {
                return false;
            }
        }
        return true;
    }

    private static Kind KindOf(ReadOnlySpan<char> text, out int length)
    {
        Rune.DecodeFromUtf16(text, out var rune, out length);
        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber =>
                Kind.Digit,
            _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Sign,
        };
    }

    private enum Kind
    {
        Letter,
        Digit,
        Sign,
        Space,
    }
}
