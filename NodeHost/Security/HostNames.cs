using System.Net;
using Microsoft.AspNetCore.Http;
using NodeHost.Server;

namespace NodeHost.Security;

/// <summary>The names under which this server may be addressed.</summary>
/// <remarks>
/// A page of a hostile site may let its own name point to 127.0.0.1 (DNS rebinding): the browser then takes the server
/// for that site's, but still says the name. So only names that nobody else can own are answered.
/// </remarks>
internal sealed class HostNames
{
    private const string AnyName = "*";

    private readonly bool _any;
    private readonly bool _anyAddress;
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { "localhost" };
    private readonly HashSet<IPAddress> _addresses = [];
    private readonly List<string> _endings = [".localhost"];

    public HostNames(ServerOptions options)
    {
        foreach (var name in options.Security.AllowedHosts)
        {
            _any |= name == AnyName;
            Add(name);
        }
        foreach (var address in options.Listen)
        {
            Add(address);
            _anyAddress |= _addresses.Contains(IPAddress.Any) || _addresses.Contains(IPAddress.IPv6Any);
        }
        if (options.Listen.Any(address => !PublicBind.IsLoopback(address)))
        {
            // Neighbours use the machine's name; the public DNS knows neither form.
            Add(Environment.MachineName);
            Add(Environment.MachineName + ".local");
        }
    }

    /// <summary>Whether a request that says this host is meant for this server; browsers always say one.</summary>
    public bool Allow(HostString host)
    {
        if (_any || !host.HasValue)
        {
            return true;
        }
        var name = host.Host.TrimEnd('.');
        if (IPAddress.TryParse(name.Trim('[', ']'), out var address))
        {
            // An address is no name: it cannot be made to point elsewhere.
            return _anyAddress || IPAddress.IsLoopback(address) || _addresses.Contains(address);
        }
        return _names.Contains(name)
            || _endings.Exists(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    private void Add(string name)
    {
        if (IPAddress.TryParse(name.Trim('[', ']'), out var address))
        {
            _addresses.Add(address);
        }
        else if (name.StartsWith("*.", StringComparison.Ordinal))
        {
            _endings.Add(name[1..]);
        }
        else
        {
            _names.Add(name);
        }
    }
}
