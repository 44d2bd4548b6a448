using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Server;

namespace NodeHost.CustomNodes;

/// <summary>The packs under <c>custom_nodes</c> that could be loaded.</summary>
internal sealed class CustomNodePacks(IReadOnlyList<CustomNodePack> packs)
{
    public IReadOnlyList<CustomNodePack> Packs => packs;

    public IEnumerable<NodeSource> Sources => packs.SelectMany(pack => pack.Sources);

    public CustomNodePack? Find(string name) => packs.FirstOrDefault(pack => pack.Name == name);

    /// <summary>Loads what the options allow; a pack that fails is reported and left out.</summary>
    public static CustomNodePacks Load(ServerOptions options, IFolderPaths folders, TextWriter errors)
    {
        var packs = new List<CustomNodePack>();
        foreach (var folder in folders.ModelFolders("custom_nodes").Where(Directory.Exists).SelectMany(PackFolders))
        {
            var name = Path.GetFileName(folder);
            if (
                (options.LoadsCustomNodes || options.CustomNodesAllowed.Contains(name))
                && packs.TrueForAll(pack => pack.Name != name)
                && TryLoad(name, folder, errors) is { } pack
            )
            {
                packs.Add(pack);
            }
        }
        return new(packs);
    }

    // As ComfyUI: a pack is switched off by its name.
    private static IEnumerable<string> PackFolders(string root) =>
        Directory
            .EnumerateDirectories(root)
            .Where(folder =>
                Path.GetFileName(folder) is var name
                && !name.StartsWith('.')
                && name != "__pycache__"
                && !name.EndsWith(".disabled", StringComparison.Ordinal)
            )
            .Order(StringComparer.Ordinal);

    // The fence around other people's code: whatever goes wrong while it is loaded costs its own pack only.
    [SuppressMessage("Design", "CA1031", Justification = "See above.")]
    private static CustomNodePack? TryLoad(string name, string folder, TextWriter errors)
    {
        var pack = new CustomNodePack(name, folder);
        try
        {
            return pack with { Sources = [.. Assemblies(name, folder).Select(assembly => Source(name, assembly))] };
        }
        catch (Exception error)
        {
            var cause = error is ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } ? first : error;
            errors.WriteLine(
                $"custom_nodes/{name}: skipped, its nodes cannot be loaded: {cause.Message} Build the pack against this NodeHost."
            );
            return null;
        }
    }

    /// <summary>The pack's own assemblies: those beside it that refer to the contract of nodes. Others are their libraries.</summary>
    private static IEnumerable<Assembly> Assemblies(string name, string folder)
    {
        var contract = typeof(NodeAttribute).Assembly.GetName().Name;
        foreach (var file in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
        {
            if (File.Exists(Path.Combine(AppContext.BaseDirectory, Path.GetFileName(file))))
            {
                continue;
            }
            // Each with its own list of dependencies, and so with its own context.
            var assembly = new PackLoadContext($"custom_nodes.{name}", file).LoadFromAssemblyPath(file);
            if (assembly.GetReferencedAssemblies().Any(reference => reference.Name == contract))
            {
                yield return assembly;
            }
        }
    }

    private static NodeSource Source(string name, Assembly assembly) => new(assembly, $"custom_nodes.{name}");
}
