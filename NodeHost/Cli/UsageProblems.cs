using System.CommandLine;
using NodeHost.Cli.Flags;

namespace NodeHost.Cli;

/// <summary>What is wrong with a command line, with what may have been meant.</summary>
internal static class UsageProblems
{
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var unknown = parsed.UnmatchedTokens;
        if (unknown.Count == 0)
        {
            return [.. parsed.Errors.Select(error => error.Message).Distinct()];
        }
        // What follows an unknown option is its value, and no mistake of its own.
        var options = unknown.Where(token => token.StartsWith('-')).ToList();
        return
        [
            .. (options.Count > 0 ? options : [unknown[0]]).Select(token =>
                Describe(token, parsed.CommandResult.Command)
            ),
        ];
    }

    private static string Describe(string token, Command command)
    {
        var isOption = token.StartsWith('-');
        var typed = token.Split('=')[0];
        var names = isOption
            ? command.Options.SelectMany(option => option.Aliases.Append(option.Name))
            : command.Subcommands.Select(subcommand => subcommand.Name);
        var nearest = NearestName.Find(typed, names);
        var kind = isOption ? "option" : "command";
        return nearest is null
            ? $"Unknown {kind} '{typed}'. ./run --help lists those there are."
            : $"Unknown {kind} '{typed}'. Did you mean '{nearest}'?";
    }
}
