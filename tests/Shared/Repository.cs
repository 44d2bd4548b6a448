namespace NodeHost.Tests.Shared;

/// <summary>The repository that the tests run in, for what is committed beside their code.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A path under <c>tests/assets</c>.</summary>
    public static string Asset(string relative) => Path.Combine(Root, "tests", "assets", relative);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NodeHost.sln")))
            {
                return folder.FullName;
            }
        }
        throw new DirectoryNotFoundException("The tests do not run inside the repository: no NodeHost.sln above them.");
    }
}
