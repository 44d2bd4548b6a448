using System.CommandLine;
using NodeHost.Cli.Flags;
using NodeHost.Graph.Catalogue;
using NodeHost.Server;
using NodeHost.Tensors;

namespace NodeHost.Cli;

/// <summary>The program's commands and options.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs; the exit code is one of <see cref="ExitCode"/>.</summary>
    public static int Run(
        string[] arguments,
        Func<RenderOptions, Task<int>> render,
        Func<ServerOptions, Task<int>> serve,
        Func<NodeCatalogue> catalogue
    )
    {
        var flags = new ServerFlags();
        var root = new RootCommand("NodeHost runs ComfyUI workflows without Python, and serves ComfyUI's clients.")
        {
            RenderCommand(render),
            NodesCommand.Create(catalogue),
            KeysCommand.Create(),
        };
        flags.AddTo(root);
        root.SetAction(
            (parsed, _) =>
            {
                foreach (var note in IgnoredFlags.Notes(parsed))
                {
                    Console.Error.WriteLine(note);
                }
                return serve(flags.Read(parsed));
            }
        );
        root.TreatUnmatchedTokensAsErrors = false;

        var parsed = root.Parse(arguments);
        var problems = UsageProblems.Of(parsed);
        if (problems.Count > 0)
        {
            foreach (var problem in problems)
            {
                Console.Error.WriteLine(problem);
            }
            Console.Error.WriteLine(
                "Usage: ./run [options]; ./run render [FILE.json] [--set NODE.INPUT=VALUE]...; ./run nodes [--markdown]; ./run keys create|list|revoke; ./run [COMMAND] --help says more."
            );
            return ExitCode.BadUsage;
        }
        // Interruption handles Ctrl-C; the library's own handling would end the process before the run has ended.
        return parsed.Invoke(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static Command RenderCommand(Func<RenderOptions, Task<int>> render)
    {
        var workflow = new Argument<string?>("FILE")
        {
            Description =
                "The workflow: JSON (API or canvas format), or a PNG, WebP or latent that carries one; without one the text-to-image example runs.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var overrides = new Option<string[]>("--set")
        {
            Description = "Replaces an input: NODE.INPUT=VALUE, NODE being an id or a unique title. May be repeated.",
            HelpName = "NODE.INPUT=VALUE",
        };
        var command = new Command("render", "Runs one workflow and prints a JSON line for every file it wrote.")
        {
            workflow,
            overrides,
        };
        AddOptions(command);
        command.SetAction(
            (parsed, _) =>
                render(
                    Render(parsed.GetValue(workflow), parsed.GetValue(overrides) ?? [], ReadFolders(parsed)) with
                    {
                        Device = ReadDevice(parsed),
                        MemoryBudget = ReadBudget(parsed),
                    }
                )
        );
        return command;
    }

    private static RenderOptions Render(string? workflow, string[] overrides, FolderOptions folders)
    {
        if (workflow is not null)
        {
            return new(workflow, overrides, folders);
        }
        var example = DefaultWorkflow.For(folders);
        return example with { Overrides = [.. example.Overrides, .. overrides] };
    }

    private static void AddOptions(Command command)
    {
        command.Add(Folder("--models", "Folder with checkpoints/, loras/, vae/ ... (default: models)"));
        command.Add(Folder("--input", "Folder that LoadImage reads (default: input)"));
        command.Add(Folder("--output", "Folder for results (default: output)"));
        command.Add(Folder("--comfyui", "An existing ComfyUI: its models, inputs and tokenizers are used too"));
        command.Add(DeviceFlags.Create());
        command.Add(MemoryBudget());
    }

    private static Option<long?> MemoryBudget() =>
        new("--memory-budget")
        {
            Description =
                "Most memory for weights, e.g. 8G or 500M; larger models are read block by block (default: 60 %; on a GPU all but what a step needs)",
            HelpName = "BYTES",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (ByteSize.TryParse(text, out var bytes))
                {
                    return bytes;
                }
                result.AddError($"--memory-budget: expected bytes such as 8G, 500M or 4000000000, got '{text}'.");
                return null;
            },
        };

    private static Option<string?> Folder(string name, string description) =>
        new(name) { Description = description, HelpName = "DIR" };

    private static Device? ReadDevice(ParseResult parsed) => parsed.GetValue<Device?>("--device");

    private static long? ReadBudget(ParseResult parsed) => parsed.GetValue<long?>("--memory-budget");

    private static FolderOptions ReadFolders(ParseResult parsed) =>
        new()
        {
            Models = parsed.GetValue<string?>("--models"),
            Input = parsed.GetValue<string?>("--input"),
            Output = parsed.GetValue<string?>("--output"),
            ComfyUi = parsed.GetValue<string?>("--comfyui"),
        };
}
