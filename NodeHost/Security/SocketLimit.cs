using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using NodeHost.Server;

namespace NodeHost.Security;

/// <summary>Bounds the WebSockets that one address holds open.</summary>
/// <param name="limit">Null means the default, and no limit for this machine, whose proxy may speak for many.</param>
internal sealed class SocketLimit(int? limit)
{
    private readonly ConcurrentDictionary<IPAddress, int> _open = [];

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var address = context.Connection.RemoteIpAddress;
        if (
            !context.WebSockets.IsWebSocketRequest
            || address is null
            || (limit is null && IPAddress.IsLoopback(address))
        )
        {
            await next(context);
            return;
        }
        var most = limit ?? RequestLimits.DefaultSockets;
        var owner = Owner(address);
        try
        {
            if (_open.AddOrUpdate(owner, 1, (_, count) => count + 1) > most)
            {
                throw new RequestException(
                    StatusCodes.Status429TooManyRequests,
                    "too_many_sockets",
                    $"There are {most} WebSockets of this address already",
                    "Close some, or start the server with a greater --max-sockets-per-address"
                );
            }
            await next(context);
        }
        finally
        {
            // Never less than none; an address that holds none is forgotten.
            if (_open.AddOrUpdate(owner, 0, (_, count) => count - 1) <= 0)
            {
                _open.TryRemove(new(owner, 0));
            }
        }
    }

    // Whoever has one IPv6 address has the 2^64 of its network.
    private static IPAddress Owner(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 16)
        {
            bytes.AsSpan(8).Clear();
        }
        return new(bytes);
    }
}
