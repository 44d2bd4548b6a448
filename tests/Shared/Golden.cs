namespace NodeHost.Tests.Shared;

/// <summary>Finds ComfyUI's golden data: <c>NODEHOST_GOLDEN</c>, or <c>shared/golden</c> in a folder above the tests.</summary>
internal static class Golden
{
    public static string? Folder { get; } = Find();

    public static string PathOf(string relative) =>
        Path.Combine(Folder ?? throw new DirectoryNotFoundException("The golden data is not there."), relative);

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("NODEHOST_GOLDEN") is { Length: > 0 } configured)
        {
            return Directory.Exists(configured) ? configured : null;
        }
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "golden");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }
        return null;
    }
}
