namespace NodeHost.Nodes.Files;

/// <summary>A file name that may say which folder it is in: <c>x.png [output]</c>.</summary>
public readonly record struct AnnotatedName(string Name, FolderKind? Folder)
{
    public static AnnotatedName Parse(string text)
    {
        foreach (var kind in Enum.GetValues<FolderKind>())
        {
            var suffix = $"[{kind.WireName()}]";
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                // ComfyUI cuts the suffix and the one character before it, whatever that is.
                return new AnnotatedName(text[..Math.Max(0, text.Length - suffix.Length - 1)], kind);
            }
        }

        return new AnnotatedName(text, null);
    }
}
