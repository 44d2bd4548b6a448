namespace NodeHost.Server;

/// <summary>Who may use the server.</summary>
internal sealed record SecurityOptions
{
    /// <summary>Names that requests may be addressed to, besides the machine's own; <c>*</c> allows all.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The user knows that everybody in the network can use the server.</summary>
    public bool IsKnownToBeOpen { get; init; }

    /// <summary>PEM file of the private key.</summary>
    public string? TlsKeyFile { get; init; }

    /// <summary>PEM file of the certificate, with those above it.</summary>
    public string? TlsCertificateFile { get; init; }

    public bool UsesTls => TlsCertificateFile is not null;
}
