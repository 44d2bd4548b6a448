using NodeHost.Security;

namespace NodeHost.Tests.Server.Security;

/// <summary>A server with a key of each role.</summary>
public sealed class GuardedServer : IAsyncLifetime
{
    private readonly Dictionary<string, string> _tokens = [];

    internal ServerProcess Server { get; private set; } = null!;

    /// <summary>Tokens by the name of their role.</summary>
    internal IReadOnlyDictionary<string, string> Tokens => _tokens;

    public async Task InitializeAsync()
    {
        Server = await ServerProcess.StartAsync();
        var store = new ApiKeyStore(Path.Combine(Server.Folder, "user"));
        foreach (var role in Enum.GetValues<ApiKeyRole>())
        {
            _tokens[role.ToString()] = store.Create(role, "").Token;
        }
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
