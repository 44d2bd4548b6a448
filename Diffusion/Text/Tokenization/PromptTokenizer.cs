namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>Turns a prompt in ComfyUI's syntax (weights, escapes, embeddings) into an encoder's chunks of weighted tokens.</summary>
public sealed class PromptTokenizer(ITokenizer tokenizer, ChunkLayout layout)
{
    private const string EmbeddingPrefix = "embedding:";

    public ITokenizer Tokenizer { get; } = tokenizer;

    public ChunkLayout Layout { get; } = layout;

    /// <summary>The chunks of a prompt; at least one, also for an empty prompt.</summary>
    /// <param name="prompt">The prompt as the user wrote it.</param>
    /// <param name="embeddings">Where <c>embedding:name</c> is looked up; null reads such items as plain text.</param>
    /// <param name="warn">Told of each item that is left out.</param>
    /// <param name="layout">A layout other than this tokenizer's own, for this prompt.</param>
    public IReadOnlyList<PromptToken[]> Tokenize(
        string prompt,
        IPromptEmbeddings? embeddings = null,
        Action<string>? warn = null,
        ChunkLayout? layout = null
    )
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var chunks = new ChunkBuilder(Tokenizer.StartToken, Tokenizer.EndToken, layout ?? Layout);
        foreach (var (text, weight) in PromptParser.Parse(prompt))
        {
            foreach (var item in SplitAtEmbeddings(text))
            {
                var words = item;
                if (embeddings is not null && item.StartsWith(EmbeddingPrefix, StringComparison.Ordinal))
                {
                    words = AddEmbedding(item[EmbeddingPrefix.Length..], weight, embeddings, warn, chunks);
                }
                if (words.Length > 0)
                {
                    AddWords(words, weight, chunks);
                }
            }
        }
        return chunks.Finish();
    }

    private void AddWords(string words, double weight, ChunkBuilder chunks)
    {
        List<int> ids = [];
        Tokenizer.Encode(words, ids);
        var group = new PromptToken[ids.Count];
        for (var i = 0; i < group.Length; i++)
        {
            group[i] = new PromptToken(ids[i], weight);
        }
        chunks.Add(group);
    }

    /// <summary>Adds the embedding that an item names and gives back the text behind the name.</summary>
    private static string AddEmbedding(
        string item,
        double weight,
        IPromptEmbeddings embeddings,
        Action<string>? warn,
        ChunkBuilder chunks
    )
    {
        var words = PythonText.SplitWords(item);
        if (words.Count == 0)
        {
            warn?.Invoke("The prompt has 'embedding:' without a name behind it; it is left out.");
            return "";
        }

        var name = words[0];
        var rest = string.Join(' ', words.Skip(1));
        var embedding = embeddings.Find(name);
        if (embedding is null && name.Trim(',') is var bare && bare.Length < name.Length)
        {
            // "embedding:name, more": the comma belongs to the text.
            embedding = bare.Length > 0 ? embeddings.Find(bare) : null;
            rest = $"{name[bare.Length..]} {rest}";
            name = bare;
        }
        if (embedding is null)
        {
            warn?.Invoke(
                $"The prompt names embedding '{name}', which is not in the embeddings folders; it is left out."
            );
            return rest;
        }

        var group = new PromptToken[embedding.VectorCount];
        for (var row = 0; row < group.Length; row++)
        {
            group[row] = new PromptToken(PromptToken.EmbeddingId, weight, embedding, row);
        }
        chunks.Add(group);
        return rest;
    }

    /// <summary>Cuts before every <c>embedding:</c> that starts the text or stands behind a space or a line break, which goes.</summary>
    private static IEnumerable<string> SplitAtEmbeddings(string text)
    {
        var start = 0;
        var at = text.IndexOf(EmbeddingPrefix, StringComparison.Ordinal);
        while (at >= 0)
        {
            if (at > start && text[at - 1] is ' ' or '\n')
            {
                if (at - 1 > start)
                {
                    yield return text[start..(at - 1)];
                }
                start = at;
            }
            at = text.IndexOf(EmbeddingPrefix, at + 1, StringComparison.Ordinal);
        }
        if (start < text.Length)
        {
            yield return text[start..];
        }
    }
}
