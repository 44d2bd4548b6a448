namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>Where a prompt's <c>embedding:name</c> items are looked up.</summary>
public interface IPromptEmbeddings
{
    /// <summary>The embedding of that name (as written: with or without extension, sub-folders allowed), or null.</summary>
    IPromptEmbedding? Find(string name);
}
