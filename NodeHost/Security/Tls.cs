using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NodeHost.Cli;
using NodeHost.Server;

namespace NodeHost.Security;

/// <summary>The certificate of <c>--tls-certfile</c> and <c>--tls-keyfile</c>.</summary>
internal static class Tls
{
    /// <summary>Null when the server is to speak plain HTTP. The caller disposes it.</summary>
    /// <exception cref="UsageException">A file is missing or is not what it should be.</exception>
    public static X509Certificate2? Load(SecurityOptions options)
    {
        if (options is { TlsCertificateFile: null, TlsKeyFile: null })
        {
            return null;
        }
        if (options.TlsCertificateFile is null || options.TlsKeyFile is null)
        {
            throw new UsageException("HTTPS needs both --tls-certfile and --tls-keyfile; one of them is missing.");
        }
        try
        {
            return X509Certificate2.CreateFromPemFile(options.TlsCertificateFile, options.TlsKeyFile);
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new UsageException(
                $"--tls-certfile {options.TlsCertificateFile}, --tls-keyfile {options.TlsKeyFile}: {error.Message} "
                    + "Expected a certificate and its private key in PEM files."
            );
        }
    }
}
