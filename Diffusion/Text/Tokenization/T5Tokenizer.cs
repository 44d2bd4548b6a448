using System.Text;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>
/// T5's SentencePiece unigram tokenizer, read from a Hugging Face <c>tokenizer.json</c>: special tokens are cut out of the
/// raw text, the rest is normalised, its spaces made visible, and every word split by the unigram model.
/// </summary>
public sealed class T5Tokenizer : ITokenizer
{
    public const string FileName = "tokenizer.json";

    private const string EndText = "</s>";

    private readonly T5TokenizerFile _file;

    private T5Tokenizer(T5TokenizerFile file, string path)
    {
        _file = file;
        EndToken =
            file.AddedTokens.Find(token => token.Text == EndText)?.Id
            ?? throw new InvalidDataException($"T5 tokenizer: '{path}' lacks the added token '{EndText}'.");
        VocabularySize = Math.Max(file.Model.Size, file.AddedTokens.Max(token => token.Id) + 1);
    }

    public int? StartToken => null;

    public int EndToken { get; }

    public int VocabularySize { get; }

    /// <summary>Reads <c>tokenizer.json</c>, given the file or its folder.</summary>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">It is no unigram tokenizer of T5's make.</exception>
    public static T5Tokenizer Load(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"T5 tokenizer: '{file}' is not there. {TokenizerLocator.T5Remedy}", file);
        }
        return new T5Tokenizer(T5TokenizerFile.Read(file), file);
    }

    public void Encode(string text, List<int> ids)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(ids);
        text = ReplaceLoneSurrogates(text);
        var start = 0;
        while (FindAddedToken(text, start) is (var at, { } token))
        {
            EncodePlain(text[start..at], start == 0, ids);
            ids.Add(token.Id);
            start = at + token.Text.Length;
        }
        EncodePlain(text[start..], start == 0, ids);
    }

    private (int At, T5TokenizerFile.AddedToken? Token) FindAddedToken(string text, int start)
    {
        for (var at = start; text.AsSpan(at).IndexOfAny(_file.AddedTokenStarts) is var step and >= 0; at++)
        {
            at += step;
            foreach (var token in _file.AddedTokens)
            {
                if (text.AsSpan(at).StartsWith(token.Text, StringComparison.Ordinal))
                {
                    return (at, token);
                }
            }
        }
        return (text.Length, null);
    }

    private void EncodePlain(string text, bool isFirst, List<int> ids)
    {
        foreach (var normalizer in _file.Normalizers)
        {
            text = normalizer(text);
        }
        if (text.Length == 0)
        {
            return;
        }
        var (mark, prepend) = (_file.SpaceMark, _file.Prepend);
        text = text.Replace(' ', mark);
        if (text[0] != mark && (prepend == PrependScheme.Always || (prepend == PrependScheme.First && isFirst)))
        {
            text = mark + text;
        }
        for (var start = 0; start < text.Length; )
        {
            var end = text.IndexOf(mark, start + 1);
            end = end < 0 ? text.Length : end;
            _file.Model.Encode(text.AsSpan(start, end - start), ids);
            start = end;
        }
    }

    private static string ReplaceLoneSurrogates(string text)
    {
        foreach (var character in text)
        {
            if (char.IsSurrogate(character))
            {
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            }
        }
        return text;
    }
}
