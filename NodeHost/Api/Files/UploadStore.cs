using System.Security.Cryptography;
using NodeHost.Nodes.Files;
using NodeHost.Server;

namespace NodeHost.Api.Files;

/// <summary>Puts uploads into their folder: whole or not at all, and under a name that has no other content.</summary>
internal sealed class UploadStore(string hashingFunction) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>The name that the content has got: <c>name.png</c>, or <c>name (1).png</c> where another has it.</summary>
    public async Task<string> SaveAsync(
        string folder,
        string name,
        bool overwrites,
        Func<Stream, Task> write,
        CancellationToken cancellation
    )
    {
        var path = Path.Combine(folder, name.Replace('\\', '/'));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var hidden = Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.NewGuid():N}.partial");
        try
        {
            await using (var stream = new FileStream(hidden, FileMode.CreateNew, FileAccess.Write))
            {
                await write(stream);
            }
            await _turn.WaitAsync(cancellation);
            try
            {
                return Path.GetRelativePath(folder, Publish(hidden, path, overwrites)).Replace('\\', '/');
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RequestException(
                507,
                "not_saved",
                $"'{name}' could not be saved",
                $"{error.Message} Free some space, or choose a shorter name"
            );
        }
        finally
        {
            File.Delete(hidden);
        }
    }

    public void Dispose() => _turn.Dispose();

    private string Publish(string hidden, string path, bool overwrites)
    {
        var target = path;
        if (!overwrites)
        {
            var hash = Hash(hidden);
            for (var number = 1; File.Exists(target); number++)
            {
                if (Hash(target).SequenceEqual(hash))
                {
                    return target;
                }
                target = Path.Combine(
                    Path.GetDirectoryName(path)!,
                    $"{Path.GetFileNameWithoutExtension(path)} ({number}){Path.GetExtension(path)}"
                );
            }
        }
        // A link that lies there would carry the content to where it points.
        if (PathGuard.Resolve(Path.GetDirectoryName(target)!, Path.GetFileName(target)) is null)
        {
            throw new RequestException(400, "outside", "The name leads out of its folder");
        }
        File.Move(hidden, target, overwrite: true);
        return target;
    }

    private byte[] Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return CryptographicOperations.HashData(new HashAlgorithmName(hashingFunction.ToUpperInvariant()), stream);
    }
}
