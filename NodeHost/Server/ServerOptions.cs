using Microsoft.Extensions.Logging;
using NodeHost.Cli;
using NodeHost.Queue;
using NodeHost.Storage;
using NodeHost.Tensors;

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

    /// <summary>Packs of nodes; null means <c>custom_nodes</c> beside the current folder.</summary>
    public string? CustomNodes { get; init; }

    /// <summary>Files with more folders of models, in the order of reading.</summary>
    public IReadOnlyList<string> ExtraModelPaths { get; init; } = [];

    /// <summary>A web page and what belongs to it, served as it is; null means the small page of our own.</summary>
    public string? FrontEndRoot { get; init; }

    /// <summary>Largest request body in MiB, whatever is in it.</summary>
    public double MaxUploadSize { get; init; } = 100;

    /// <summary>Where networks compute; null for the first GPU, or the CPU where there is none.</summary>
    public Device? Device { get; init; }

    /// <summary>Bytes of weights that may be in memory at once; null leaves it to the machine's memory.</summary>
    public long? MemoryBudget { get; init; }

    /// <summary><c>none</c>, <c>auto</c>, <c>latent2rgb</c> or <c>taesd</c>.</summary>
    public string PreviewMethod { get; init; } = "none";

    /// <summary>Longer side of previews; null means ComfyUI's 512.</summary>
    public int? PreviewSize { get; init; }

    public CacheOptions Cache { get; init; } = new();

    /// <summary>What becomes of a job that was running when the server died.</summary>
    public RestartPolicy OnRestart { get; init; }

    /// <summary>How much history is kept.</summary>
    public JobRetention History { get; init; } = new();

    /// <summary>Answers every origin named here (<c>*</c>: all) with CORS headers; null guards against other origins instead.</summary>
    public string? CorsOrigin { get; init; }

    /// <summary>Compresses JSON and text for clients that accept gzip.</summary>
    public bool CompressesResponses { get; init; }

    public SecurityOptions Security { get; init; } = new();

    public RequestLimits Limits { get; init; } = new();

    /// <summary>How uploads are compared with what is there: <c>md5</c>, <c>sha1</c>, <c>sha256</c> or <c>sha512</c>.</summary>
    public string HashingFunction { get; init; } = "sha256";

    /// <summary>Saved pictures carry the prompt and the workflow.</summary>
    public bool EmbedsMetadata { get; init; } = true;

    /// <summary>Settings and files by the name that the <c>comfy-user</c> header gives; a label, no protection.</summary>
    public bool MultiUser { get; init; }

    public bool LoadsCustomNodes { get; init; } = true;

    /// <summary>Packs that are loaded although custom nodes are off.</summary>
    public IReadOnlyList<string> CustomNodesAllowed { get; init; } = [];

    /// <summary>More entries of <c>/features</c>, as <c>NAME</c> or <c>NAME=VALUE</c>.</summary>
    public IReadOnlyList<string> FeatureFlags { get; init; } = [];

    /// <summary>What is not worth this much is not printed.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Errors go to standard output, as all else.</summary>
    public bool LogsToOutput { get; init; }

    /// <summary>Opens the browser when the server is there.</summary>
    public bool LaunchesBrowser { get; init; }

    /// <summary>Says at start where the server is.</summary>
    public bool PrintsAddress { get; init; } = true;

    /// <summary>Ends as soon as it has started.</summary>
    public bool EndsAfterStart { get; init; }

    public long MaxBodyBytes => (long)Math.Round(MaxUploadSize * 1024 * 1024);

    /// <summary>The folder of settings, users' files, keys and the queue.</summary>
    public string UserDirectory => Path.GetFullPath(User ?? "user");

    public string CustomNodesDirectory => Path.GetFullPath(CustomNodes ?? "custom_nodes");
}
