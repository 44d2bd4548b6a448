using System.CommandLine;
using NodeHost.Security;

namespace NodeHost.Cli;

/// <summary><c>keys create|list|revoke</c>: who may use a server.</summary>
internal static class KeysCommand
{
    private static readonly Option<string?> User = new("--user-directory")
    {
        Description = "Folder of settings, keys and the queue (default: user)",
        HelpName = "DIR",
        Recursive = true,
    };

    private static readonly Option<string?> Base = new("--base-directory")
    {
        Description = "Folder in which user/ lies (default: the current one)",
        HelpName = "DIR",
        Recursive = true,
    };

    public static Command Create()
    {
        var command = new Command(
            "keys",
            "Creates, lists and revokes API keys. As soon as there is one, every request needs one."
        )
        {
            CreateCommand(),
            ListCommand(),
            RevokeCommand(),
        };
        command.Add(User);
        command.Add(Base);
        return command;
    }

    private static Command CreateCommand()
    {
        var role = new Option<string>("--role")
        {
            Description = "read: look; queue: also run prompts, upload and save; admin: all (default: queue)",
            HelpName = "read|queue|admin",
            DefaultValueFactory = _ => "queue",
        };
        role.AcceptOnlyFromAmong("read", "queue", "admin");
        var name = new Option<string>("--name") { Description = "Whose key it is", DefaultValueFactory = _ => "" };
        var command = new Command("create", "Makes a key and prints its token, which is shown this once.")
        {
            role,
            name,
        };
        command.SetAction(parsed =>
        {
            var keyRole = Enum.Parse<ApiKeyRole>(parsed.GetValue(role)!, ignoreCase: true);
            var (token, key) = Store(parsed).Create(keyRole, parsed.GetValue(name)!);
            Console.WriteLine(token);
            Console.Error.WriteLine(
                $"Key {key.Id} ({parsed.GetValue(role)}). Send it as 'Authorization: Bearer TOKEN'; it is stored as a hash only and cannot be shown again."
            );
            return ExitCode.Done;
        });
        return command;
    }

    private static Command ListCommand()
    {
        var command = new Command("list", "Lists the keys: id, role, time of creation and name, separated by tabs.");
        command.SetAction(parsed =>
        {
            foreach (var key in Store(parsed).Keys)
            {
                var role = key.Role.ToString().ToLowerInvariant();
                Console.WriteLine($"{key.Id}\t{role}\t{key.Created:yyyy-MM-ddTHH:mm:ssZ}\t{key.Name}");
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static Command RevokeCommand()
    {
        var id = new Argument<string>("ID") { Description = "As 'keys list' shows it" };
        var command = new Command("revoke", "Takes a key back; a running server stops accepting it at once.") { id };
        command.SetAction(parsed =>
        {
            if (Store(parsed).Revoke(parsed.GetValue(id)!))
            {
                return ExitCode.Done;
            }
            Console.Error.WriteLine(
                $"There is no key '{parsed.GetValue(id)}'. './run keys list' shows those there are."
            );
            return ExitCode.BadUsage;
        });
        return command;
    }

    private static ApiKeyStore Store(ParseResult parsed) =>
        new(Path.GetFullPath(parsed.GetValue(User) ?? Path.Combine(parsed.GetValue(Base) ?? "", "user")));
}
