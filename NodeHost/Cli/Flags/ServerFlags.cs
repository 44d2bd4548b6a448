using System.CommandLine;
using NodeHost.Server;

namespace NodeHost.Cli.Flags;

/// <summary>The server's options, named as ComfyUI names them.</summary>
internal sealed class ServerFlags
{
    private readonly IFlagGroup[] _groups =
    [
        new NetworkFlags(),
        new FolderFlags(),
        new RunningFlags(),
        new DeviceFlags(),
        new HostFlags(),
        new LimitFlags(),
    ];

    public void AddTo(Command command)
    {
        foreach (var option in _groups.SelectMany(group => group.Options).Concat(IgnoredFlags.Options))
        {
            command.Add(option);
        }
    }

    public ServerOptions Read(ParseResult parsed) =>
        _groups.Aggregate(new ServerOptions(), (options, group) => group.Apply(parsed, options));
}
