using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NodeHost.Cli;

namespace NodeHost.Server;

/// <summary>Tells Kestrel the addresses of <c>--listen</c>.</summary>
internal static class Listening
{
    public static void Configure(KestrelServerOptions kestrel, ServerOptions options, X509Certificate2? certificate)
    {
        var addresses = options.Listen.SelectMany(Resolve).Distinct().ToList();
        // An IPv6 socket for everything is one for IPv4 as well: asking for both would fail.
        var everything = addresses.Contains(IPAddress.Any) && addresses.Contains(IPAddress.IPv6Any);
        if (everything)
        {
            kestrel.ListenAnyIP(options.Port, Secure);
        }
        foreach (var address in addresses)
        {
            if (!everything || !(address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
            {
                kestrel.Listen(address, options.Port, Secure);
            }
        }

        void Secure(ListenOptions listen)
        {
            // As ComfyUI. Over HTTP/2 browsers open WebSockets by CONNECT, which no client of ComfyUI's was ever tried with.
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }
    }

    private static IPAddress[] Resolve(string name)
    {
        if (IPAddress.TryParse(name.Trim('[', ']'), out var address))
        {
            return [address];
        }
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return [IPAddress.Loopback];
        }
        try
        {
            return Dns.GetHostAddresses(name);
        }
        catch (SocketException error)
        {
            throw new UsageException(
                $"--listen {name}: {error.Message}. Expected an address of this machine, or localhost."
            );
        }
    }
}
