namespace NodeHost.Tests.Shared;

/// <summary>The repository that the tests run in, for what is committed beside their code.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A path under <c>workflows/models</c>, the tiny models that ship with NodeHost.</summary>
    public static string Model(string relative) => Path.Combine(Root, "workflows", "models", relative);

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
