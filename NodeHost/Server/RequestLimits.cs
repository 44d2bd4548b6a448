using NodeHost.Graph.Workflows;
using NodeHost.Images;

namespace NodeHost.Server;

/// <summary>What a request may ask of the server; the largest body is <see cref="ServerOptions.MaxUploadSize"/>.</summary>
internal sealed record RequestLimits
{
    /// <summary>Nesting of JSON.</summary>
    public int JsonDepth { get; init; } = PromptJson.MaxDepth;

    /// <summary>Nodes of a prompt.</summary>
    public int PromptNodes { get; init; } = 20_000;

    /// <summary>Characters of one string in JSON.</summary>
    public int StringLength { get; init; } = 64 << 20;

    /// <summary>Pixels of a picture, all frames together.</summary>
    public long ImagePixels { get; init; } = DecodeLimits.PillowMaximumPixels;

    /// <summary>WebSockets of one address; null means <see cref="DefaultSockets"/>, and as many as there are from the machine itself, where a proxy may speak for all.</summary>
    public int? SocketsPerAddress { get; init; }

    public const int DefaultSockets = 64;
}
