using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Catalogue;

/// <summary>All node classes by wire name. Safe to use from many threads.</summary>
/// <remarks>
/// Only names are collected at start; a class is read by reflection when it is first asked for. A class that cannot be
/// read, or whose name another already has, is left out and listed in <see cref="Problems"/>; the others are unharmed.
/// </remarks>
public sealed class NodeCatalogue
{
    private readonly Dictionary<string, Lazy<NodeDefinition?>> _definitions = [];
    private readonly ConcurrentQueue<CatalogueProblem> _problems = [];
    private readonly SocketTypes _sockets;

    public NodeCatalogue(IEnumerable<Assembly> assemblies, SocketTypes sockets)
        : this(assemblies.Select(assembly => new NodeSource(assembly)), sockets) { }

    public NodeCatalogue(IEnumerable<Type> types, SocketTypes sockets)
        : this([new NodeSource([.. types])], sockets) { }

    /// <summary>Where two sources have a node of one name, the first keeps it.</summary>
    public NodeCatalogue(IEnumerable<NodeSource> sources, SocketTypes sockets)
    {
        _sockets = sockets;
        foreach (var source in sources)
        {
            foreach (var type in source.Types)
            {
                if (type is { IsClass: true, IsAbstract: false } && type.IsDefined(typeof(NodeAttribute), false))
                {
                    Register(type, WireName(type), source.Module);
                }
            }
        }
    }

    /// <summary>Wire names of all classes found, sorted; a broken class still counts until it is first read.</summary>
    public IReadOnlyList<string> ClassTypes => [.. _definitions.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Classes left out so far; complete once <see cref="Definitions"/> has been read.</summary>
    public IReadOnlyList<CatalogueProblem> Problems => [.. _problems];

    /// <summary>All usable nodes, sorted by wire name. Reads every class.</summary>
    public IEnumerable<NodeDefinition> Definitions =>
        ClassTypes.Select(Find).Where(definition => definition is not null).Select(definition => definition!);

    public NodeDefinition? Find(string classType) =>
        _definitions.TryGetValue(classType, out var definition) ? definition.Value : null;

    public bool TryGet(string classType, [NotNullWhen(true)] out NodeDefinition? definition) =>
        (definition = Find(classType)) is not null;

    /// <summary>The body of <c>GET /object_info</c>.</summary>
    public JObject ObjectInfo(IServiceProvider services)
    {
        var info = new JObject();
        foreach (var definition in Definitions)
        {
            AddEntry(info, definition, services);
        }
        return info;
    }

    /// <summary>The body of <c>GET /object_info/{class}</c>: one entry, or nothing.</summary>
    public JObject ObjectInfo(string classType, IServiceProvider services)
    {
        var info = new JObject();
        if (TryGet(classType, out var definition))
        {
            AddEntry(info, definition, services);
        }
        return info;
    }

    // The name is read from metadata: making the attribute itself costs eight times as much, and this is start-up time.
    private static string WireName(Type type) =>
        (string)
            type.GetCustomAttributesData()
                .First(data => data.AttributeType == typeof(NodeAttribute))
                .ConstructorArguments[0]
                .Value!;

    private void Register(Type type, string wireName, string? module)
    {
        if (!_definitions.TryAdd(wireName, new(() => Read(type, wireName, module))))
        {
            Report(wireName, $"{type.FullName} has the name of a node that is already there. Give it another.");
        }
    }

    private NodeDefinition? Read(Type type, string wireName, string? module)
    {
        try
        {
            var attribute = type.GetCustomAttribute<NodeAttribute>(false)!;
            return new NodeDefinitionReader(type, attribute, _sockets, module).Read();
        }
        catch (NodeDefinitionException error)
        {
            Report(wireName, error.Message);
            return null;
        }
    }

    // The fence around other people's code: whatever a choice provider throws costs its own node only.
    [SuppressMessage("Design", "CA1031", Justification = "One broken node must not empty the whole listing.")]
    private void AddEntry(JObject info, NodeDefinition definition, IServiceProvider services)
    {
        try
        {
            info[definition.ClassType] = new ObjectInfoWriter(definition, services).Write();
        }
        catch (Exception error)
        {
            Report(definition.ClassType, $"its definition could not be written: {error.Message}");
        }
    }

    private void Report(string node, string message)
    {
        if (!_problems.Any(problem => problem.Node == node && problem.Message == message))
        {
            _problems.Enqueue(new(node, message));
        }
    }
}
