using System.Text;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Folders;
using NodeHost.Graph.Workflows;
using NodeHost.Nodes.Files;
using NodeHost.Server;

namespace NodeHost.Api.Users;

/// <summary>Whose settings and files a request is about. The header is a label and protects nothing: keys do.</summary>
internal sealed class UserFolders(ServerOptions options)
{
    private const string DefaultUser = "default";
    private const string Header = "comfy-user";

    private readonly Lock _lock = new();

    public string Root => options.UserDirectory;

    public bool IsMultiUser => options.MultiUser;

    /// <summary>Whether somebody has used the server as the only user.</summary>
    public bool HasDefaultUser => Directory.Exists(Path.Combine(Root, DefaultUser));

    private string UsersFile => Path.Combine(Root, "users.json");

    /// <summary>Names by id.</summary>
    public JObject Users()
    {
        lock (_lock)
        {
            return Read();
        }
    }

    /// <summary>The new user's id; null when somebody has the name.</summary>
    public string? Add(string name)
    {
        lock (_lock)
        {
            var users = Read();
            if (users.Properties().Any(user => (string?)user.Value == name))
            {
                return null;
            }
            var id = $"{UserNames.ToId(name)}_{Guid.NewGuid()}";
            users[id] = name;
            AtomicFile.Write(UsersFile, Encoding.UTF8.GetBytes(PromptJson.Write(users, indented: true)));
            return id;
        }
    }

    /// <summary>The folder of the request's user; null when there is no such user.</summary>
    public string? Find(HttpRequest request)
    {
        var id = DefaultUser;
        if (IsMultiUser && request.Headers[Header].ToString() is { Length: > 0 } given)
        {
            // Ids that begin so are the server's own.
            if (
                given.StartsWith("__", StringComparison.Ordinal)
                || (given != DefaultUser && !Users().ContainsKey(given))
            )
            {
                return null;
            }
            id = given;
        }
        return PathGuard.Resolve(Root, id) is { } folder && folder != Root ? folder : null;
    }

    /// <summary>As <see cref="Find"/>, for routes that have no answer of their own to an unknown user.</summary>
    public string Require(HttpRequest request) =>
        Find(request) ?? throw new RequestException(400, "unknown_user", "There is no such user");

    private JObject Read()
    {
        try
        {
            return File.Exists(UsersFile) ? PromptJson.Parse(File.ReadAllText(UsersFile)) as JObject ?? [] : [];
        }
        catch (JsonException)
        {
            throw new RequestException(500, "users_file", $"{UsersFile} is damaged. Mend it, or delete it");
        }
    }
}
