using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace NodeHost.Webhooks;

/// <summary>Makes calls: no redirects, no cookies, no proxy of the environment, and never to addresses that only machines of a cloud use.</summary>
internal sealed class WebhookClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = ConnectAsync,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        }
    )
    {
        Timeout = Patience,
    };

    /// <summary>True when the receiver answered with 2xx.</summary>
    public async Task<bool> TryCallAsync(Webhook webhook, byte[] body, long timestamp, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookSignature.TimestampHeader, $"{timestamp}");
        if (webhook.Secret is { } secret)
        {
            request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Compute(secret, timestamp, body));
        }
        try
        {
            using var response = await _http
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
                .ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error)
            when (error is HttpRequestException or SocketException
                || (error is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellation
    )
    {
        // Looked up once and connected to what was looked at: a second look-up could say something else.
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation).ConfigureAwait(false);
        var allowed = addresses.Where(IsAllowed).ToArray();
        if (allowed.Length == 0)
        {
            throw new HttpRequestException($"Webhooks may not call {context.DnsEndPoint.Host}.");
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Link-local addresses are where clouds hand out their keys.</summary>
    private static bool IsAllowed(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var isLinkLocal = plain.IsIPv6LinkLocal || plain.GetAddressBytes() is [169, 254, _, _];
        return !isLinkLocal
            && !plain.IsIPv6Multicast
            && !plain.Equals(IPAddress.Any)
            && !plain.Equals(IPAddress.IPv6Any)
            && plain.GetAddressBytes() is not [>= 224 and <= 255, _, _, _];
    }
}
