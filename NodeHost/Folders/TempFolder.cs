using NodeHost.Storage;

namespace NodeHost.Folders;

/// <summary>The folder of previews. A picture stays as long as the history that shows it.</summary>
internal static class TempFolder
{
    /// <summary>Deletes files that no kept job names; what cannot be deleted stays.</summary>
    /// <param name="folder">Need not exist. Its files as they are now; later ones are safe.</param>
    /// <param name="store">Asked once, on another thread.</param>
    /// <returns>The number of deleted files.</returns>
    public static Task<int> DeleteForgottenAsync(string folder, IJobStore store)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*", options) : [];
        return files.Length == 0 ? Task.FromResult(0) : Task.Run(() => DeleteForgotten(folder, files, store));
    }

    private static int DeleteForgotten(string folder, string[] files, IJobStore store)
    {
        var kept = store.TemporaryFiles().Select(name => Path.GetFullPath(Path.Combine(folder, name))).ToHashSet();
        var deleted = 0;
        foreach (var file in files.Where(file => !kept.Contains(Path.GetFullPath(file))))
        {
            try
            {
                File.Delete(file);
                deleted++;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Somebody else's, or open.
            }
        }
        return deleted;
    }
}
