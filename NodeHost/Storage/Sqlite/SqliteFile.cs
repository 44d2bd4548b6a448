using Microsoft.Data.Sqlite;

namespace NodeHost.Storage.Sqlite;

/// <summary>The database file: held by one process at a time, readable by its owner only.</summary>
internal sealed class SqliteFile : IDisposable
{
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NotADatabase = 26;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int SecondsToWaitForOthers = 5;

    private readonly FileStream _claim;

    private SqliteFile(string path, FileStream claim) => (Path, _claim) = (path, claim);

    public string Path { get; }

    public static SqliteFile Claim(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        var claim = path + ".lock";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            // The kernel takes the claim back when the process dies, however it dies.
            var stream = new FileStream(claim, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (!File.Exists(path))
            {
                CreateForOwner(path);
            }
            return new(path, stream);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new JobStoreException(
                $"{path} cannot be opened: {error.Message} Give this user the right to write there, or choose another folder with --user-directory.",
                error
            );
        }
        catch (IOException error) when (File.Exists(claim))
        {
            throw new JobStoreException(
                $"{path} is in use by another NodeHost. Stop that one, or give this one a folder of its own with --base-directory or --user-directory.",
                error
            );
        }
        catch (IOException error)
        {
            throw new JobStoreException(
                $"{path} cannot be opened: {error.Message} Free some space, or choose another folder with --user-directory.",
                error
            );
        }
    }

    public SqliteSession Open(bool isWriter)
    {
        SystemSqlite.Prefer();
        var options = new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = isWriter ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = SecondsToWaitForOthers,
        };
        var connection = new SqliteConnection(options.ToString());
        connection.Open();
        return new(connection);
    }

    /// <summary>What an error of SQLite means for whoever runs the server.</summary>
    public JobStoreException Explain(SqliteException error)
    {
        var remedy = error.SqliteErrorCode switch
        {
            Corrupt or NotADatabase =>
                "The file is damaged or no NodeHost database. Move it and its -wal file away to begin with an empty queue and history; "
                    + "'sqlite3 FILE .recover' may save what is in it.",
            Full => "The disk is full. Free some space; jobs go on as soon as there is some.",
            Busy or Locked => "Another program holds it. Close that program.",
            _ => "Check that the disk is there, writable and not full.",
        };
        return new($"{Path}: {error.Message} {remedy}", error);
    }

    public void Dispose() => _claim.Dispose();

    private static void CreateForOwner(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // Secrets of waiting jobs are in it.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using var created = new FileStream(path, options);
    }
}
