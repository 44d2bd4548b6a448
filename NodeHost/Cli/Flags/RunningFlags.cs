using System.CommandLine;
using NodeHost.Queue;
using NodeHost.Server;

namespace NodeHost.Cli.Flags;

/// <summary>How prompts are run and what is kept of them.</summary>
internal sealed class RunningFlags : IFlagGroup
{
    private readonly Option<long?> _memory = new("--memory-budget")
    {
        Description = "Most memory for weights, e.g. 8G or 500M; larger models are read block by block (default: 60 %)",
        HelpName = "BYTES",
        CustomParser = result => ReadBytes("--memory-budget", result.Tokens[0].Value, result.AddError),
    };

    private readonly Option<string?> _previews = Flag.Choice(
        "--preview-method",
        "Pictures while sampling (default: none)",
        "none",
        "auto",
        "latent2rgb",
        "taesd"
    );

    private readonly Option<long?> _previewSize = Flag.Number(
        "--preview-size",
        "PIXELS",
        "Longer side of those pictures (default: 512)"
    );

    private readonly Option<string?> _onRestart = Flag.Choice(
        "--on-restart",
        "What becomes of a job that was running when the server died (default: retry)",
        "retry",
        "fail"
    );

    private readonly Option<long?> _historyEntries = Flag.Number(
        "--history-entries",
        "N",
        "Keeps the newest N entries of history (default: 10000)",
        minimum: 1
    );

    private readonly Option<long?> _historyBytes = new("--history-bytes")
    {
        Description = "Keeps the newest entries of history that fit, e.g. 500M (default: 2G)",
        HelpName = "BYTES",
        CustomParser = result => ReadBytes("--history-bytes", result.Tokens[0].Value, result.AddError),
    };

    private readonly Option<long?> _cacheBytes = new("--cache-ram")
    {
        Description =
            "Keeps results up to so many gigabytes, or bytes such as 500M; the longest unused go first (the default way)",
        HelpName = "GB",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result =>
            result.Tokens.Count == 0 ? null
            : double.TryParse(result.Tokens[0].Value, out var gigabytes) ? (long)(gigabytes * (1L << 30))
            : ReadBytes("--cache-ram", result.Tokens[0].Value, result.AddError),
    };

    private readonly Option<bool> _cacheClassic = Flag.Switch(
        "--cache-classic",
        "Keeps the results of the last prompt only"
    );

    private readonly Option<long?> _cacheCount = Flag.Number(
        "--cache-lru",
        "N",
        "Keeps the N results used last",
        minimum: 0
    );

    private readonly Option<bool> _cacheNone = Flag.Switch("--cache-none", "Keeps nothing: every node runs every time");

    private readonly Option<bool> _withoutMetadata = Flag.Switch(
        "--disable-metadata",
        "Saved pictures carry neither prompt nor workflow"
    );

    private readonly Option<string?> _hashing = Flag.Choice(
        "--default-hashing-function",
        "How an upload is compared with the file of its name (default: sha256)",
        "md5",
        "sha1",
        "sha256",
        "sha512"
    );

    public IEnumerable<Option> Options =>
        [
            _memory,
            _previews,
            _previewSize,
            _onRestart,
            _historyEntries,
            _historyBytes,
            _cacheBytes,
            _cacheClassic,
            _cacheCount,
            _cacheNone,
            _withoutMetadata,
            _hashing,
        ];

    public ServerOptions Apply(ParseResult parsed, ServerOptions options) =>
        options with
        {
            MemoryBudget = parsed.GetValue(_memory),
            PreviewMethod = parsed.GetValue(_previews) ?? options.PreviewMethod,
            PreviewSize = (int?)parsed.GetValue(_previewSize),
            OnRestart = parsed.GetValue(_onRestart) == "fail" ? RestartPolicy.Fail : RestartPolicy.Retry,
            History = new(
                parsed.GetValue(_historyEntries) ?? options.History.Entries,
                parsed.GetValue(_historyBytes) ?? options.History.Bytes
            ),
            Cache = new()
            {
                Mode =
                    parsed.GetValue(_cacheNone) ? CacheMode.None
                    : parsed.GetValue(_cacheCount) is > 0 ? CacheMode.Lru
                    : parsed.GetValue(_cacheClassic) ? CacheMode.Classic
                    : CacheMode.Bytes,
                Count = (int)Math.Min(int.MaxValue, parsed.GetValue(_cacheCount) ?? 0),
                Bytes = parsed.GetValue(_cacheBytes),
            },
            EmbedsMetadata = !parsed.GetValue(_withoutMetadata),
            HashingFunction = parsed.GetValue(_hashing) ?? options.HashingFunction,
        };

    private static long? ReadBytes(string name, string text, Action<string> addError)
    {
        if (ByteSize.TryParse(text, out var bytes))
        {
            return bytes;
        }
        addError($"{name}: expected bytes such as 8G, 500M or 4000000000, got '{text}'.");
        return null;
    }
}
