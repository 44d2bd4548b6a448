namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>Which stretches of text between special tokens get a space before their first word.</summary>
internal enum PrependScheme
{
    Always,
    First,
    Never,
}
