using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace NodeHost.Folders;

/// <summary>Folders by key out of <c>extra_model_paths.yaml</c> files, as ComfyUI reads them.</summary>
internal sealed class ExtraModelPaths
{
    private const string BasePath = "base_path";
    private const string IsDefault = "is_default";

    private readonly Dictionary<string, IReadOnlyList<string>> _preferred = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _further = [];

    /// <summary>Searched before the usual folders (<c>is_default: true</c>).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Preferred => _preferred;

    /// <summary>Searched after the usual folders.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Further => _further;

    /// <summary>Reads the files in order.</summary>
    /// <exception cref="ExtraModelPathsException">A file cannot be read or says something that is not understood.</exception>
    public static ExtraModelPaths Read(IEnumerable<string> files)
    {
        var paths = new ExtraModelPaths();
        foreach (var file in files)
        {
            paths.ReadFile(Path.GetFullPath(file));
        }
        return paths;
    }

    private void ReadFile(string file)
    {
        var root = Load(file);
        if (root is YamlScalarNode { Value: null or "" })
        {
            return;
        }
        foreach (var (name, section) in Mapping(root, file, "sections by name").Children)
        {
            if (!IsNull(section))
            {
                ReadSection(Mapping(section, file, $"keys and paths in section '{name}'"), file);
            }
        }
    }

    private void ReadSection(YamlMappingNode section, string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        if (section.Children.TryGetValue(BasePath, out var basePath) && !IsNull(basePath))
        {
            folder = Path.Combine(folder, Expand(Text(basePath, file)));
        }
        var preferred =
            section.Children.TryGetValue(IsDefault, out var flag)
            && !IsNull(flag)
            && ReadFlag(Text(flag, file), flag, file);
        foreach (var (keyNode, value) in section.Children)
        {
            var key = Text(keyNode, file);
            if (key is not (BasePath or IsDefault) && !IsNull(value))
            {
                Add(preferred ? _preferred : _further, key, PathsOf(Text(value, file), folder));
            }
        }
    }

    private static void Add(Dictionary<string, IReadOnlyList<string>> folders, string key, List<string> paths) =>
        folders[key] = [.. folders.GetValueOrDefault(key) ?? [], .. paths];

    private static List<string> PathsOf(string lines, string folder) =>
        [
            .. lines
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => Path.GetFullPath(Path.Combine(folder, Expand(line)))),
        ];

    /// <summary><c>~</c>, <c>$NAME</c>, <c>${NAME}</c> and, as on Windows, <c>%NAME%</c>; unknown names stay.</summary>
    private static string Expand(string path)
    {
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
        {
            path = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..];
        }
        return Environment.ExpandEnvironmentVariables(
            EnvironmentVariables
                .Pattern()
                .Replace(path, match => Environment.GetEnvironmentVariable(match.Groups["name"].Value) ?? match.Value)
        );
    }

    private static bool ReadFlag(string text, YamlNode node, string file) =>
        text.ToUpperInvariant() switch
        {
            "TRUE" or "YES" or "ON" => true,
            "FALSE" or "NO" or "OFF" => false,
            _ => throw Problem(file, node.Start, $"'{IsDefault}' is true or false, given '{text}'"),
        };

    private static YamlNode Load(string file)
    {
        try
        {
            using var reader = new StreamReader(file);
            var stream = new YamlStream();
            stream.Load(reader);
            return stream.Documents.Count == 0 ? new YamlScalarNode("") : stream.Documents[0].RootNode;
        }
        catch (YamlException error)
        {
            throw Problem(file, error.Start, $"not valid YAML: {error.InnerException?.Message ?? error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ExtraModelPathsException($"{file}: cannot be read: {error.Message}");
        }
    }

    private static YamlMappingNode Mapping(YamlNode node, string file, string expected) =>
        node as YamlMappingNode ?? throw Problem(file, node.Start, $"expected {expected}, found {Describe(node)}");

    private static string Text(YamlNode node, string file) =>
        node is YamlScalarNode { Value: { } text }
            ? text
            : throw Problem(
                file,
                node.Start,
                $"expected a path, or several of them one a line behind '|', found {Describe(node)}"
            );

    private static string Describe(YamlNode node) =>
        node switch
        {
            YamlSequenceNode => "a list",
            YamlMappingNode => "a mapping",
            _ => $"'{node}'",
        };

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    private static ExtraModelPathsException Problem(string file, Mark mark, string problem) =>
        new($"{file}, line {mark.Line}: {problem}. Correct the file, or leave it out.");
}
