using System.Globalization;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Files;

/// <summary>Writes numbered files <c>prefix_00001_.png</c>, <c>prefix_00002_.png</c> ... that nobody else has or gets.</summary>
/// <remarks>
/// A file is written under a hidden name and takes its own when complete: no half file is ever seen, and where two
/// writers want one number the second takes the next.
/// </remarks>
public sealed class SaveSequence
{
    private const string BatchVariable = "%batch_num%";

    private readonly string _folder;
    private readonly FolderKind _kind;
    private readonly FilenamePrefix _prefix;
    private long _counter;
    private int _batchNumber;

    internal SaveSequence(string root, FolderKind kind, FilenamePrefix prefix)
    {
        (_kind, _prefix) = (kind, prefix);
        _folder =
            PathGuard.Resolve(root, prefix.Subfolder)
            ?? throw new PathException(
                "**** ERROR: Saving image outside the output folder is not allowed. "
                    + $"Expected a prefix below {root}, given '{prefix.Subfolder}/{prefix.Name}'. Remove what leads out of it."
            );
        _counter = NextCounter();
    }

    /// <summary>Writes one file and says where it went.</summary>
    /// <param name="extension">With the dot.</param>
    /// <param name="write">Writes the content.</param>
    public UiFile Write(string extension, Action<Stream> write)
    {
        var name = _prefix.Name.Replace(BatchVariable, $"{_batchNumber++}", StringComparison.Ordinal);
        try
        {
            Directory.CreateDirectory(_folder);
            var hidden = Path.Combine(_folder, $".{Guid.NewGuid():N}.partial");
            try
            {
                using (var stream = new FileStream(hidden, FileMode.CreateNew, FileAccess.Write))
                {
                    write(stream);
                }

                return new UiFile(Publish(hidden, name, extension), _prefix.Subfolder, _kind.WireName());
            }
            finally
            {
                File.Delete(hidden);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PathException(
                $"Saving '{name}' in {_folder}: {error.Message} Free some space, or choose a shorter prefix or another folder.",
                error
            );
        }
    }

    public UiFile Write(string extension, byte[] content) => Write(extension, stream => stream.Write(content));

    // Creating a file that must not exist is atomic: the name is ours from then on, and the finished file takes it.
    private string Publish(string hidden, string name, string extension)
    {
        while (true)
        {
            var fileName = string.Create(CultureInfo.InvariantCulture, $"{name}_{_counter++:00000}_{extension}");
            var path = Path.Combine(_folder, fileName);
            try
            {
                using (new FileStream(path, FileMode.CreateNew)) { }
            }
            catch (IOException) when (Path.Exists(path))
            {
                continue;
            }

            File.Move(hidden, path, overwrite: true);
            return fileName;
        }
    }

    // One more than the highest number of any file with this prefix, whatever its extension.
    private long NextCounter()
    {
        if (!Directory.Exists(_folder))
        {
            return 1;
        }

        var start = _prefix.Name + "_";
        return 1
            + Directory
                .EnumerateFileSystemEntries(_folder)
                .Select(path => Path.GetFileName(path))
                .Where(name => name.StartsWith(start, StringComparison.Ordinal))
                .Select(name => Number(name[start.Length..]))
                .DefaultIfEmpty(0)
                .Max();
    }

    private static long Number(string text)
    {
        var digits = text.Split('_')[0];
        return
            long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number < int.MaxValue
            ? number
            : 0;
    }
}
