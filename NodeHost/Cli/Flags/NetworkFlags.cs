using System.CommandLine;
using NodeHost.Server;

namespace NodeHost.Cli.Flags;

/// <summary>Where the server listens and who may reach it.</summary>
internal sealed class NetworkFlags : IFlagGroup
{
    private const string Everywhere = "0.0.0.0,::";

    private readonly Option<string?> _listen = Flag.Optional(
        "--listen",
        "ADDRESSES",
        "Addresses to listen on, separated by commas; without a value: all (default: 127.0.0.1)"
    );

    private readonly Option<long?> _port = Flag.Number(
        "--port",
        "PORT",
        "0 takes a free one (default: 8188)",
        minimum: 0
    );

    private readonly Option<string?> _tlsKey = Flag.Value<string>(
        "--tls-keyfile",
        "FILE",
        "Private key for HTTPS, PEM"
    );

    private readonly Option<string?> _tlsCertificate = Flag.Value<string>(
        "--tls-certfile",
        "FILE",
        "Certificate for HTTPS, PEM"
    );

    private readonly Option<string?> _cors = Flag.Optional(
        "--enable-cors-header",
        "ORIGIN",
        "Lets pages of another origin use the server; without a value: of every origin"
    );

    private readonly Option<bool> _compress = Flag.Switch(
        "--enable-compress-response-body",
        "Compresses JSON and text for clients that accept gzip"
    );

    private readonly Option<string[]> _hosts = Flag.Several(
        "--allowed-host",
        "NAME",
        "A name that requests may be addressed to, besides the machine's own; * allows all"
    );

    private readonly Option<bool> _open = Flag.Switch(
        "--i-know-this-is-open",
        "Listens on a public address although there is no API key"
    );

    public IEnumerable<Option> Options => [_listen, _port, _tlsKey, _tlsCertificate, _cors, _compress, _hosts, _open];

    public ServerOptions Apply(ParseResult parsed, ServerOptions options) =>
        options with
        {
            Listen = parsed.IsGiven(_listen) ? Addresses(parsed.GetValue(_listen) ?? Everywhere) : options.Listen,
            Port = (int)(parsed.GetValue(_port) ?? options.Port),
            CorsOrigin = parsed.IsGiven(_cors) ? parsed.GetValue(_cors) ?? "*" : options.CorsOrigin,
            CompressesResponses = parsed.GetValue(_compress),
            Security = options.Security with
            {
                AllowedHosts = parsed.GetValue(_hosts) ?? [],
                IsKnownToBeOpen = parsed.GetValue(_open),
                TlsKeyFile = parsed.GetValue(_tlsKey),
                TlsCertificateFile = parsed.GetValue(_tlsCertificate),
            },
        };

    private static string[] Addresses(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
