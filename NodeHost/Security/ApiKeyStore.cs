using System.Security.Cryptography;
using System.Text;
using Newtonsoft.Json;

namespace NodeHost.Security;

/// <summary>The keys of a server, in a file that the command line changes and the server follows.</summary>
/// <param name="userDirectory">The file lies in it, outside of what clients can reach.</param>
/// <param name="clock">Says when a key was made.</param>
internal sealed class ApiKeyStore(string userDirectory, TimeProvider? clock = null)
{
    private readonly Lock _lock = new();
    private readonly string _file = Path.Combine(userDirectory, "api-keys.json");
    private (DateTime Written, long Length) _seen;
    private ApiKey[] _keys = [];

    /// <exception cref="ApiKeyException">The file is damaged.</exception>
    public IReadOnlyList<ApiKey> Keys => Current();

    /// <summary>Makes a key; its token is known now and never again.</summary>
    public (string Token, ApiKey Key) Create(ApiKeyRole role, string name)
    {
        var token = ApiToken.Create();
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var key = new ApiKey(id, name, role, ApiToken.Hash(token), (clock ?? TimeProvider.System).GetUtcNow());
        Change(keys => [.. keys, key]);
        return (token, key);
    }

    /// <summary>False when there is no such key.</summary>
    public bool Revoke(string id)
    {
        var found = false;
        Change(keys =>
        {
            found = keys.Any(key => key.Id == id);
            return [.. keys.Where(key => key.Id != id)];
        });
        return found;
    }

    /// <summary>The key of a token; null when it is none. Takes as long for a wrong token as for a right one.</summary>
    public ApiKey? Find(string token)
    {
        var hash = Encoding.ASCII.GetBytes(ApiToken.Hash(token));
        ApiKey? found = null;
        foreach (var key in Current())
        {
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(key.Hash)))
            {
                found = key;
            }
        }
        return found;
    }

    private ApiKey[] Current()
    {
        var file = new FileInfo(_file);
        var now = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        lock (_lock)
        {
            if (now != _seen)
            {
                _keys = file.Exists ? Read() : [];
                _seen = now;
            }
            return _keys;
        }
    }

    private ApiKey[] Read()
    {
        try
        {
            return JsonConvert.DeserializeObject<ApiKey[]>(File.ReadAllText(_file)) ?? [];
        }
        catch (JsonException error)
        {
            throw new ApiKeyException(
                $"{_file}: the file of API keys is damaged: {error.Message} Mend it, or delete it and create new keys."
            );
        }
    }

    private void Change(Func<ApiKey[], ApiKey[]> change)
    {
        Directory.CreateDirectory(userDirectory);
        // Two command lines may change keys at the same moment.
        using var _ = OpenExclusively(_file + ".lock");
        var keys = change(File.Exists(_file) ? Read() : []);
        var draft = $"{_file}.{Guid.NewGuid():N}.partial";
        using (var stream = new FileStream(draft, OwnerOnly(FileMode.CreateNew)))
        {
            stream.Write(Encoding.UTF8.GetBytes(JsonConvert.SerializeObject(keys, Formatting.Indented)));
            stream.Flush(flushToDisk: true);
        }
        File.Move(draft, _file, overwrite: true);
    }

    private static FileStream OpenExclusively(string path)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, OwnerOnly(FileMode.OpenOrCreate));
            }
            catch (IOException) when (attempt < 100)
            {
                Thread.Sleep(50);
            }
        }
    }

    private static FileStreamOptions OwnerOnly(FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        return options;
    }
}
