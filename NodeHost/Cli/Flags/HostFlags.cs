using System.CommandLine;
using Microsoft.Extensions.Logging;
using NodeHost.Server;

namespace NodeHost.Cli.Flags;

/// <summary>Users, custom nodes, and what the program does at its start.</summary>
internal sealed class HostFlags : IFlagGroup
{
    private static readonly Dictionary<string, LogLevel> LogLevels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DEBUG"] = LogLevel.Debug,
        ["INFO"] = LogLevel.Information,
        ["WARNING"] = LogLevel.Warning,
        ["ERROR"] = LogLevel.Error,
        ["CRITICAL"] = LogLevel.Critical,
    };

    private readonly Option<bool> _multiUser = Flag.Switch("--multi-user", "Settings and files for each user name");

    private readonly Option<bool> _withoutCustomNodes = Flag.Switch(
        "--disable-all-custom-nodes",
        "Loads no custom nodes"
    );

    private readonly Option<string[]> _allowedCustomNodes = Flag.Several(
        "--whitelist-custom-nodes",
        "NAME",
        "Packs that are loaded although custom nodes are disabled"
    );

    private readonly Option<string[]> _features = Flag.Several(
        "--feature-flag",
        "NAME[=VALUE]",
        "One more entry of GET /features"
    );

    private readonly Option<bool> _launch = Flag.Switch("--auto-launch", "Opens the browser");

    private readonly Option<bool> _windows = Flag.Switch("--windows-standalone-build", "As --auto-launch");

    private readonly Option<bool> _noLaunch = Flag.Switch("--disable-auto-launch", "Does not open the browser");

    private readonly Option<bool> _silent = Flag.Switch("--dont-print-server", "Does not say where the server is");

    private readonly Option<string?> _verbose = Flag.Optional(
        "--verbose",
        "DEBUG|INFO|WARNING|ERROR|CRITICAL",
        "What is printed; without a value: everything (default: INFO)"
    );

    private readonly Option<bool> _logToOutput = Flag.Switch("--log-stdout", "Prints errors where all else is printed");

    private readonly Option<bool> _quick = Flag.Switch("--quick-test-for-ci", "Starts, and ends");

    public HostFlags() => _verbose.AcceptOnlyFromAmong([.. LogLevels.Keys]);

    public IEnumerable<Option> Options =>
        [
            _multiUser,
            _withoutCustomNodes,
            _allowedCustomNodes,
            _features,
            _launch,
            _windows,
            _noLaunch,
            _silent,
            _verbose,
            _logToOutput,
            _quick,
        ];

    public ServerOptions Apply(ParseResult parsed, ServerOptions options) =>
        options with
        {
            MultiUser = parsed.GetValue(_multiUser),
            LoadsCustomNodes = !parsed.GetValue(_withoutCustomNodes),
            CustomNodesAllowed = parsed.GetValue(_allowedCustomNodes) ?? [],
            FeatureFlags = parsed.GetValue(_features) ?? [],
            LaunchesBrowser = (parsed.GetValue(_launch) || parsed.GetValue(_windows)) && !parsed.GetValue(_noLaunch),
            LogLevel = parsed.IsGiven(_verbose) ? LogLevels[parsed.GetValue(_verbose) ?? "DEBUG"] : options.LogLevel,
            LogsToOutput = parsed.GetValue(_logToOutput),
            PrintsAddress = !parsed.GetValue(_silent),
            EndsAfterStart = parsed.GetValue(_quick),
        };
}
