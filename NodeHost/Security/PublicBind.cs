using System.Net;
using NodeHost.Server;

namespace NodeHost.Security;

/// <summary>Keeps a server that everybody can reach from being started by mistake.</summary>
internal static class PublicBind
{
    /// <summary>Why the server must not start; null when it may.</summary>
    public static string? Refuse(ServerOptions options, ApiKeyStore keys)
    {
        var exposed = options.Listen.Where(address => !IsLoopback(address)).ToList();
        return exposed.Count == 0 || options.Security.IsKnownToBeOpen || keys.Keys.Count > 0
            ? null
            : $"--listen {string.Join(',', exposed)}: everybody who reaches this address could run prompts and read your pictures. "
                + "Create an API key with './run keys create', or say --i-know-this-is-open.";
    }

    /// <summary>Whether only this machine reaches an address.</summary>
    public static bool IsLoopback(string address) =>
        IPAddress.TryParse(address, out var parsed)
            ? IPAddress.IsLoopback(parsed)
            : address.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
