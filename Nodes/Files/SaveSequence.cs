using System.Globalization;
using NodeHost.Graph.Contracts;
using NodeHost.Tensors.Native;

namespace NodeHost.Nodes.Files;

/// <summary>Writes numbered files <c>prefix_00001_.png</c>, <c>prefix_00002_.png</c> ... that nobody else has or gets.</summary>
/// <remarks>
/// A file is written under a hidden name and takes its own when complete: no half file is ever seen, and where two
/// writers want one number the second takes the next.
/// </remarks>
public sealed class SaveSequence
{
    private const string Partial = ".partial";
    private const string BatchVariable = "%batch_num%";
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    private readonly string _folder;
    private readonly FolderKind _kind;
    private readonly FilenamePrefix _prefix;
    private readonly SaveCounters _counters;
    private long _counter;
    private int _batchNumber;
    private bool _isTidy;

    internal SaveSequence(string root, FolderKind kind, FilenamePrefix prefix, SaveCounters counters)
    {
        (_kind, _prefix, _counters) = (kind, prefix, counters);
        _folder =
            PathGuard.Resolve(root, prefix.Subfolder)
            ?? throw new PathException(
                "**** ERROR: Saving image outside the output folder is not allowed. "
                    + $"Expected a prefix below {root}, given '{prefix.Subfolder}/{prefix.Name}'. Remove what leads out of it."
            );
        (_counter, _isTidy) =
            IsCounted && counters.Find(_folder, prefix.Name) is { } known ? (known, true) : (NextCounter(), false);
    }

    /// <summary>What the next file is called, unless somebody else takes the number first: name and number, as a title.</summary>
    public string NextTitle => string.Create(CultureInfo.InvariantCulture, $"{_prefix.Name} {_counter}");

    // With the variable in it each picture has a prefix of its own.
    private bool IsCounted => !_prefix.Name.Contains(BatchVariable, StringComparison.Ordinal);

    /// <summary>Writes one file and says where it went.</summary>
    /// <param name="extension">With the dot.</param>
    /// <param name="write">Writes the content.</param>
    public UiFile Write(string extension, Action<Stream> write)
    {
        var name = _prefix.Name.Replace(BatchVariable, $"{_batchNumber++}", StringComparison.Ordinal);
        try
        {
            Directory.CreateDirectory(_folder);
            var hidden = Path.Combine(_folder, $".{Guid.NewGuid():N}{Partial}");
            try
            {
                RemoveLeftovers();
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

    // Hidden files of a process that was killed; those of one that still writes are younger.
    private void RemoveLeftovers()
    {
        if (_isTidy)
        {
            return;
        }
        _isTidy = true;
        foreach (var leftover in Directory.EnumerateFiles(_folder, $".*{Partial}"))
        {
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(leftover) > Patience)
            {
                File.Delete(leftover);
            }
        }
    }

    private string Publish(string hidden, string name, string extension)
    {
        while (true)
        {
            var fileName = string.Create(CultureInfo.InvariantCulture, $"{name}_{_counter++:00000}_{extension}");
            if (HardLink.TryMoveToNew(hidden, Path.Combine(_folder, fileName)))
            {
                if (IsCounted)
                {
                    _counters.Note(_folder, _prefix.Name, _counter);
                }
                return fileName;
            }
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
