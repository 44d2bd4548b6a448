namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>
/// Finds the vocabularies that encoder files do not carry: beside the encoder, in folders of tokenizers
/// (<c>models/tokenizers</c>), and in a ComfyUI installation.
/// </summary>
/// <param name="folders">Folders with <c>clip/</c> and <c>t5/</c> in them, in the order they are searched.</param>
/// <param name="comfyUi">The root of a ComfyUI installation, searched last.</param>
public sealed class TokenizerLocator(IEnumerable<string> folders, string? comfyUi = null)
{
    internal const string ClipRemedy =
        "Put vocab.json and merges.txt of openai/clip-vit-large-patch14 into models/tokenizers/clip/";
    internal const string T5Remedy = "Put tokenizer.json of google/t5-v1_1-xxl into models/tokenizers/t5/";

    private readonly string[] _folders = [.. folders];

    /// <summary>The folder with CLIP's <c>vocab.json</c> and <c>merges.txt</c>.</summary>
    /// <param name="encoderFile">The encoder, whose own folder is looked into first.</param>
    /// <param name="fits">Whether a vocabulary that is there is this encoder's; null takes the first.</param>
    /// <exception cref="FileNotFoundException">No folder has both, or none that fits.</exception>
    public string FindClip(string? encoderFile = null, Func<string, bool>? fits = null) =>
        Find(
            "CLIP vocabulary",
            Candidates("clip", encoderFile, "comfy/sd1_clip_tokenizer"),
            [ClipVocabulary.VocabularyFile, ClipVocabulary.MergesFile],
            ClipRemedy,
            fits
        );

    /// <summary>The folder with T5's <c>tokenizer.json</c>.</summary>
    /// <inheritdoc cref="FindClip" path="/param"/>
    /// <exception cref="FileNotFoundException">No folder has it, or none that fits.</exception>
    public string FindT5(string? encoderFile = null, Func<string, bool>? fits = null) =>
        Find(
            "T5 tokenizer",
            Candidates("t5", encoderFile, "comfy/text_encoders/t5_tokenizer"),
            [T5Tokenizer.FileName],
            T5Remedy,
            fits
        );

    private IEnumerable<string> Candidates(string family, string? encoderFile, string insideComfyUi)
    {
        if (encoderFile is not null && Path.GetDirectoryName(Path.GetFullPath(encoderFile)) is { } beside)
        {
            yield return Path.Combine(beside, family);
            yield return beside;
        }
        foreach (var folder in _folders)
        {
            yield return Path.Combine(folder, family);
        }
        if (comfyUi is not null)
        {
            yield return Path.Combine(comfyUi, insideComfyUi);
        }
    }

    private static string Find(
        string what,
        IEnumerable<string> candidates,
        string[] files,
        string remedy,
        Func<string, bool>? fits
    )
    {
        List<string> searched = [];
        foreach (var candidate in candidates)
        {
            if (files.All(file => File.Exists(Path.Combine(candidate, file))))
            {
                if (fits?.Invoke(candidate) ?? true)
                {
                    return candidate;
                }
                searched.Add($"{candidate} (has another number of tokens than the encoder)");
                continue;
            }
            var missing = files.Where(file => !File.Exists(Path.Combine(candidate, file))).ToArray();
            searched.Add(missing.Length < files.Length ? $"{candidate} (lacks {missing[0]})" : candidate);
        }
        var where = searched.Count > 0 ? string.Join(", ", searched) : "no folder, as none was given";
        throw new FileNotFoundException($"{what} not found: looked in {where}. {remedy}");
    }
}
