using System.IO.Compression;

namespace NodeHost.Diffusion.FluxSpace.Numpy;

/// <summary>An <c>.npz</c> file: named arrays in a zip archive.</summary>
public sealed class NumpyArchive : IDisposable
{
    private const string Extension = ".npy";
    private const int MostMembers = 4096;

    // Deflate does no better than 1032 to 1.
    private const int MostCompression = 1100;

    private readonly string _path;
    private readonly ZipArchive _archive;

    private NumpyArchive(string path, ZipArchive archive)
    {
        _path = path;
        _archive = archive;
    }

    /// <summary>Opens a file; arrays are read when they are asked for.</summary>
    /// <exception cref="NumpyException">It is no archive of arrays.</exception>
    public static NumpyArchive Open(string path)
    {
        try
        {
            var archive = ZipFile.OpenRead(path);
            if (archive.Entries.Count is > 0 and <= MostMembers)
            {
                return new NumpyArchive(path, archive);
            }
            var count = archive.Entries.Count;
            archive.Dispose();
            throw new NumpyException($"{path}: expected an .npz with 1 to {MostMembers} arrays, found {count}.");
        }
        catch (InvalidDataException error)
        {
            throw new NumpyException(
                $"{path}: expected an .npz (a zip archive of numpy arrays), found something else. Choose a file that numpy.savez or a measuring node wrote.",
                error
            );
        }
    }

    /// <summary>Names of the arrays.</summary>
    public IReadOnlyList<string> Names =>
        [
            .. _archive
                .Entries.Select(entry => entry.FullName)
                .Where(name => name.EndsWith(Extension, StringComparison.Ordinal))
                .Select(name => name[..^Extension.Length]),
        ];

    public bool Contains(string name) => _archive.GetEntry(name + Extension) is not null;

    /// <summary>One array.</summary>
    /// <exception cref="NumpyException">There is none of that name, or it cannot be read.</exception>
    public NumpyArray Read(string name)
    {
        var entry =
            _archive.GetEntry(name + Extension)
            ?? throw new NumpyException(
                $"{_path}: there is no array '{name}'; it has {string.Join(", ", Names.Take(20))}. Choose another file."
            );
        if (entry.Length / MostCompression > entry.CompressedLength)
        {
            throw new NumpyException(
                $"{_path}, array '{name}': {entry.CompressedLength} bytes cannot unpack to the {entry.Length} that are claimed. The file is damaged."
            );
        }
        try
        {
            using var stream = entry.Open();
            return NpyFormat.Read(stream, entry.Length);
        }
        catch (Exception error) when (error is NumpyException or InvalidDataException or IOException)
        {
            throw new NumpyException($"{_path}, array '{name}': {error.Message}", error);
        }
    }

    /// <summary>Writes a file, uncompressed; it takes the place of a former one when it is complete.</summary>
    public static void Write(string path, IReadOnlyList<(string Name, NumpyArray Array)> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var archive = ZipFile.Open(temporary, ZipArchiveMode.Create))
            {
                foreach (var (name, array) in members)
                {
                    using var stream = archive.CreateEntry(name + Extension, CompressionLevel.NoCompression).Open();
                    NpyFormat.Write(stream, array);
                }
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public void Dispose() => _archive.Dispose();
}
