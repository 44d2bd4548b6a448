using System.CommandLine;
using NodeHost.Server;

namespace NodeHost.Cli.Flags;

/// <summary>What one request may ask of the server.</summary>
internal sealed class LimitFlags : IFlagGroup
{
    private readonly Option<double?> _body = Flag.Value<double?>(
        "--max-upload-size",
        "MB",
        "Largest request body (default: 100)"
    );

    private readonly Option<long?> _depth = Flag.Number(
        "--max-json-depth",
        "N",
        "Deepest nesting of JSON (default and most: 200)"
    );

    private readonly Option<long?> _nodes = Flag.Number(
        "--max-prompt-nodes",
        "N",
        "Most nodes of a prompt (default: 20000)"
    );

    private readonly Option<long?> _string = Flag.Number(
        "--max-string-length",
        "N",
        "Longest string in JSON (default: 67108864)"
    );

    private readonly Option<long?> _pixels = Flag.Number(
        "--max-image-pixels",
        "N",
        "Largest picture that is decoded, all frames together (default: 178956970, as ComfyUI)"
    );

    private readonly Option<long?> _sockets = Flag.Number(
        "--max-sockets-per-address",
        "N",
        "Most WebSockets of one address (default: 64, and no limit for the machine itself)"
    );

    public IEnumerable<Option> Options => [_body, _depth, _nodes, _string, _pixels, _sockets];

    public ServerOptions Apply(ParseResult parsed, ServerOptions options)
    {
        var limits = options.Limits;
        return options with
        {
            MaxUploadSize = parsed.GetValue(_body) ?? options.MaxUploadSize,
            Limits = limits with
            {
                JsonDepth = (int)Math.Min(parsed.GetValue(_depth) ?? long.MaxValue, limits.JsonDepth),
                PromptNodes = (int)Math.Min(parsed.GetValue(_nodes) ?? limits.PromptNodes, int.MaxValue),
                StringLength = (int)Math.Min(parsed.GetValue(_string) ?? limits.StringLength, int.MaxValue),
                ImagePixels = parsed.GetValue(_pixels) ?? limits.ImagePixels,
                SocketsPerAddress = (int?)parsed.GetValue(_sockets),
            },
        };
    }
}
