using System.CommandLine;
using NodeHost.Server;

namespace NodeHost.Cli;

/// <summary>The server's options, named as ComfyUI names them.</summary>
internal static class ServerCommandLine
{
    private static readonly Option<string?> Listen = new("--listen")
    {
        Description = "Addresses to listen on, separated by commas (default: 127.0.0.1)",
        HelpName = "ADDRESS",
    };

    private static readonly Option<int?> Port = new("--port")
    {
        Description = "Port to listen on; 0 takes a free one (default: 8188)",
        HelpName = "PORT",
    };

    private static readonly Option<string?> User = Folder("--user-directory", "Settings, users' files and the queue");

    private static readonly Option<string?> Temp = Folder("--temp-directory", "Temporary pictures");

    private static readonly Option<string?> PreviewMethod = new("--preview-method")
    {
        Description = "Pictures while sampling: none, auto, latent2rgb or taesd (default: none)",
        HelpName = "METHOD",
    };

    private static readonly Option<int?> PreviewSize = new("--preview-size")
    {
        Description = "Longer side of those pictures (default: 512)",
        HelpName = "PIXELS",
    };

    public static void AddTo(Command command)
    {
        PreviewMethod.AcceptOnlyFromAmong("none", "auto", "latent2rgb", "taesd");
        command.Add(Listen);
        command.Add(Port);
        command.Add(User);
        command.Add(Temp);
        command.Add(PreviewMethod);
        command.Add(PreviewSize);
    }

    public static ServerOptions Read(ParseResult parsed)
    {
        var defaults = new ServerOptions();
        return defaults with
        {
            Listen =
                parsed
                    .GetValue(Listen)
                    ?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                ?? defaults.Listen,
            Port = parsed.GetValue(Port) ?? defaults.Port,
            User = parsed.GetValue(User),
            Temp = parsed.GetValue(Temp),
            PreviewMethod = parsed.GetValue(PreviewMethod) ?? defaults.PreviewMethod,
            PreviewSize = parsed.GetValue(PreviewSize),
        };
    }

    private static Option<string?> Folder(string name, string description) =>
        new(name) { Description = description, HelpName = "DIR" };
}
