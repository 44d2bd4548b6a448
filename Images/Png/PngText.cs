namespace NodeHost.Images.Png;

/// <summary>A keyword and its text in a PNG, such as `prompt` and its JSON.</summary>
public sealed record PngText(string Keyword, string Text);
