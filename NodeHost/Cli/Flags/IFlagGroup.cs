using System.CommandLine;
using NodeHost.Server;

namespace NodeHost.Cli.Flags;

/// <summary>Options of one topic.</summary>
internal interface IFlagGroup
{
    IEnumerable<Option> Options { get; }

    /// <summary>The options with what was given.</summary>
    ServerOptions Apply(ParseResult parsed, ServerOptions options);
}
