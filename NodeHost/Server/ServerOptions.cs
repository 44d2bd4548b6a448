using NodeHost.Cli;

namespace NodeHost.Server;

/// <summary>What the command line says about the server; the defaults are ComfyUI's.</summary>
internal sealed record ServerOptions
{
    public const int DefaultPort = 8188;

    /// <summary>Addresses to listen on.</summary>
    public IReadOnlyList<string> Listen { get; init; } = ["127.0.0.1"];

    /// <summary>0 takes any free port; what is printed says which.</summary>
    public int Port { get; init; } = DefaultPort;

    public FolderOptions Folders { get; init; } = new();

    /// <summary>Settings, users' files and the queue's database; null means <c>user</c> beside the current folder.</summary>
    public string? User { get; init; }

    /// <summary>Where temporary pictures go; null means <c>temp</c> beside the current folder.</summary>
    public string? Temp { get; init; }

    /// <summary>Largest request body in MiB, whatever is in it.</summary>
    public double MaxUploadSize { get; init; } = 100;

    /// <summary>Bytes of weights that may be in memory at once; null leaves it to the machine's memory.</summary>
    public long? MemoryBudget { get; init; }

    /// <summary><c>none</c>, <c>auto</c>, <c>latent2rgb</c> or <c>taesd</c>.</summary>
    public string PreviewMethod { get; init; } = "none";

    /// <summary>Longer side of previews; null means ComfyUI's 512.</summary>
    public int? PreviewSize { get; init; }

    /// <summary>Answers every origin named here (<c>*</c>: all) with CORS headers; null guards against other origins instead.</summary>
    public string? CorsOrigin { get; init; }

    /// <summary>Compresses JSON and text for clients that accept gzip.</summary>
    public bool CompressesResponses { get; init; }

    public long MaxBodyBytes => (long)Math.Round(MaxUploadSize * 1024 * 1024);
}
