using NodeHost.Graph.Catalogue;

namespace NodeHost.CustomNodes;

/// <summary>A folder under <c>custom_nodes</c>: compiled nodes, pages for the browser, texts and example workflows.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Folder">The whole path.</param>
internal sealed record CustomNodePack(string Name, string Folder)
{
    private static readonly string[] TemplateFolders =
    [
        "example_workflows",
        "example",
        "examples",
        "workflow",
        "workflows",
    ];

    /// <summary>The nodes of its assemblies.</summary>
    public IReadOnlyList<NodeSource> Sources { get; init; } = [];

    /// <summary>What browsers load from <c>/extensions/NAME/</c>; null when there is nothing.</summary>
    public string? WebFolder => Existing("web");

    /// <summary>Texts by language.</summary>
    public string? LocaleFolder => Existing("locales");

    /// <summary>Example workflows.</summary>
    public string? TemplateFolder => TemplateFolders.Select(Existing).FirstOrDefault(folder => folder is not null);

    private string? Existing(string name)
    {
        var folder = Path.Combine(Folder, name);
        return Directory.Exists(folder) ? folder : null;
    }
}
