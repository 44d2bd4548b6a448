using System.CommandLine;
using NodeHost.Server;

namespace NodeHost.Cli.Flags;

/// <summary>Where the server's files are.</summary>
internal sealed class FolderFlags : IFlagGroup
{
    private readonly Option<string?> _base = Folder(
        "--base-directory",
        "Folder of models, input, output, temp, user and custom_nodes (default: the current one)"
    );

    private readonly Option<string?> _models = Folder(
        "--models",
        "Folder with checkpoints/, loras/, vae/ ... (default: models)"
    );

    private readonly Option<string?> _input = Folder(
        "--input-directory",
        "Folder that LoadImage reads (default: input)"
    );

    private readonly Option<string?> _output = Folder("--output-directory", "Folder for results (default: output)");

    private readonly Option<string?> _temp = Folder(
        "--temp-directory",
        "Folder in which temp/ is made for previews (default: the base folder)"
    );

    private readonly Option<string?> _user = Folder(
        "--user-directory",
        "Folder of settings, users' files, keys and the queue (default: user)"
    );

    private readonly Option<string?> _comfyUi = Folder(
        "--comfyui",
        "An existing ComfyUI: its models, inputs and tokenizers are used too"
    );

    private readonly Option<string[]> _extraPaths = Flag.Several(
        "--extra-model-paths-config",
        "FILE",
        "More folders of models, as YAML; extra_model_paths.yaml of the base folder is read by itself"
    );

    private readonly Option<string?> _frontEnd = Folder(
        "--front-end-root",
        "Serves this web page, e.g. the dist/ of ComfyUI's frontend"
    );

    private readonly Option<bool> _noBundledModels = Flag.Switch(
        "--no-bundled-models",
        "Leaves the tiny models that ship with NodeHost out of all lists"
    );

    public FolderFlags()
    {
        _models.Aliases.Add("--models-directory");
        _input.Aliases.Add("--input");
        _output.Aliases.Add("--output");
    }

    public IEnumerable<Option> Options =>
        [_base, _models, _input, _output, _temp, _user, _comfyUi, _extraPaths, _frontEnd, _noBundledModels];

    public ServerOptions Apply(ParseResult parsed, ServerOptions options)
    {
        var comfyUi = parsed.GetValue(_comfyUi);
        return options with
        {
            Folders = new()
            {
                Models = parsed.GetValue(_models) ?? InBase("models"),
                Input = parsed.GetValue(_input) ?? InBase("input"),
                Output = parsed.GetValue(_output) ?? InBase("output"),
                ComfyUi = comfyUi,
                UsesBundledModels = !parsed.GetValue(_noBundledModels),
            },
            Temp = parsed.GetValue(_temp) is { } temp ? Path.Combine(temp, "temp") : InBase("temp"),
            User = parsed.GetValue(_user) ?? InBase("user"),
            CustomNodes = InBase("custom_nodes"),
            ExtraModelPaths =
            [
                .. FoundIn(parsed.GetValue(_base) ?? "."),
                .. comfyUi is null ? [] : FoundIn(comfyUi),
                .. parsed.GetValue(_extraPaths) ?? [],
            ],
            FrontEndRoot = parsed.GetValue(_frontEnd),
        };

        string? InBase(string name) => parsed.GetValue(_base) is { } folder ? Path.Combine(folder, name) : null;
    }

    private static string[] FoundIn(string folder)
    {
        var file = Path.Combine(folder, "extra_model_paths.yaml");
        return File.Exists(file) ? [file] : [];
    }

    private static Option<string?> Folder(string name, string description) =>
        Flag.Value<string>(name, "DIR", description);
}
