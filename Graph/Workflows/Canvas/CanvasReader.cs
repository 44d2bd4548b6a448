using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>Reads a canvas file: nodes matched with their definitions, links, subgraphs and group nodes.</summary>
internal sealed class CanvasReader(JObject objectInfo)
{
    private readonly Dictionary<string, CanvasGraph> _subgraphs = new(StringComparer.Ordinal);

    private JObject _groups = [];

    public CanvasGraph Read(JObject workflow)
    {
        _groups = (workflow["extra"] as JObject)?["groupNodes"] as JObject ?? [];
        var filled = new List<(CanvasGraph Graph, JObject Source)>();
        foreach (var definition in Definitions(workflow))
        {
            var id = CanvasJson.Id(definition["id"]) ?? throw new CanvasException("A subgraph of the file has no id.");
            var name = $"subgraph '{CanvasJson.TextOrNull(definition["name"]) ?? id}'";
            var graph = new CanvasGraph(name) { Place = filled.Count };
            AddSlots(graph.Inputs, definition["inputs"]);
            AddSlots(graph.Outputs, definition["outputs"]);
            if (_subgraphs.TryAdd(id, graph))
            {
                filled.Add((graph, definition));
            }
        }
        foreach (var (graph, source) in filled)
        {
            Fill(graph, source, arraysAreLinks: true);
        }
        var root = new CanvasGraph("the workflow");
        // Without a version the frontend takes links for objects, and loses them.
        Fill(root, workflow, arraysAreLinks: workflow["version"] is { Type: not JTokenType.Null });
        foreach (var graph in filled.Select(pair => pair.Graph).Append(root))
        {
            foreach (var instance in graph.Nodes.Where(node => _subgraphs.ContainsKey(node.Type)))
            {
                PromotedWidgets.Read(instance, graph);
            }
        }
        return root;
    }

    /// <summary>The definitions of subgraphs; those that stand inside another come before it, as they do in flat files.</summary>
    private static IEnumerable<JObject> Definitions(JObject graph) =>
        ((graph["definitions"] as JObject)?["subgraphs"] as JArray)
            ?.OfType<JObject>()
            .SelectMany(definition => Definitions(definition).Append(definition))
        ?? [];

    /// <summary>One node with its definition's inputs and widgets; links and values as the file has them.</summary>
    public CanvasNode ReadNode(JObject source, string id, CanvasGraph place)
    {
        var given =
            CanvasJson.Id(source["type"]) ?? throw new CanvasException($"Node #{id} of {place.Name} has no type.");
        var type = given switch
        {
            "T2IAdapterLoader" => "ControlNetLoader",
            "ConditioningAverage " => "ConditioningAverage",
            "SDV_img2vid_Conditioning" => "SVD_img2vid_Conditioning",
            _ when given.StartsWith("workflow/", StringComparison.Ordinal) => $"workflow>{given["workflow/".Length..]}",
            _ => given,
        };
        var definition = objectInfo[type] as JObject;
        var title = CanvasJson.Id(source["title"]);
        var subgraph = _subgraphs.GetValueOrDefault(type);
        var node = new CanvasNode(id, type, source)
        {
            Mode = Math.Max(0, CanvasJson.Slot(source["mode"])),
            Title = string.IsNullOrEmpty(title) ? null : title,
            DisplayName = DisplayNameOf(type, definition),
            IsKnown = definition is not null || subgraph is not null,
            Subgraph = subgraph,
            Values = ValuesOf(source["widgets_values"]),
        };
        var inFile = (source["inputs"] as JArray)?.OfType<JObject>().ToArray() ?? [];
        if (subgraph is not null)
        {
            AddSockets(node, subgraph.Inputs, inFile);
        }
        else if (definition is not null)
        {
            AddDefined(node, WidgetReader.Read(type, definition), inFile);
        }
        else
        {
            foreach (var input in inFile)
            {
                var slotType = type == "Reroute" ? "*" : CanvasJson.TypeName(input["type"]);
                node.Inputs.Add(
                    new(CanvasJson.Id(input["name"]) ?? "", slotType) { Link = CanvasJson.Id(input["link"]) }
                );
            }
        }
        return node;
    }

    /// <summary>The frontend's own English names go before the server's; they differ for two classes that were renamed since.</summary>
    private static string? DisplayNameOf(string type, JObject? definition) =>
        type is "LoadAudio" or "PreviewAudio" ? type
        : CanvasJson.TextOrNull(definition?["display_name"]) is { Length: > 0 } name ? name
        : null;

    private void Fill(CanvasGraph graph, JObject source, bool arraysAreLinks)
    {
        var nodes = new List<JObject>();
        foreach (var token in source["nodes"] as JArray ?? [])
        {
            nodes.Add(token as JObject ?? throw new CanvasException($"A node of {graph.Name} is no JSON object."));
        }
        var ids = nodes.Select(node => CanvasJson.Id(node["id"])).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var token in source["links"] as JArray ?? [])
        {
            var link =
                token is JArray ? (arraysAreLinks ? ReadLink(token, 0, 1, 2, 3, 4) : null)
                : token is JObject ? ReadLink(token, "id", "origin_id", "origin_slot", "target_id", "target_slot")
                : null;
            if (link is not null)
            {
                graph.Links[link.Id] = link;
            }
        }
        foreach (var sourceNode in nodes)
        {
            var id = CanvasJson.Id(sourceNode["id"]) ?? throw new CanvasException($"A node of {graph.Name} has no id.");
            var node = ReadNode(sourceNode, id, graph);
            if (GroupNodes.Find(_groups, node.Type) is { } group)
            {
                node = new CanvasNode(id, node.Type, sourceNode)
                {
                    Mode = node.Mode,
                    Title = node.Title,
                    IsKnown = true,
                    Values = node.Values,
                };
                GroupNodes.Expand(node, group, this);
            }
            graph.Add(node);
        }
        DropLinks(graph, ids, nodes);
    }

    /// <summary>Links whose ends are not there go; links that the target's inputs contradict go, and are missed later.</summary>
    private static void DropLinks(CanvasGraph graph, HashSet<string> ids, List<JObject> nodes)
    {
        var absent = new HashSet<string>(StringComparer.Ordinal);
        var inputs = new Dictionary<string, JArray>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            if (CanvasJson.Id(node["id"]) is { } id && node["inputs"] is JArray list)
            {
                inputs.TryAdd(id, list);
            }
        }
        var isRoot = graph.Place == int.MaxValue;
        foreach (var link in graph.Links.Values.ToArray())
        {
            var hasOrigin = ids.Contains(link.OriginId) || (!isRoot && link.OriginId == CanvasLink.SubgraphInput);
            var hasTarget = ids.Contains(link.TargetId) || (!isRoot && link.TargetId == CanvasLink.SubgraphOutput);
            if (!hasOrigin || !hasTarget)
            {
                absent.Add(link.Id);
                graph.Links.Remove(link.Id);
            }
            else if (
                isRoot
                && link.TargetSlot >= 0
                && inputs.GetValueOrDefault(link.TargetId)?.ElementAtOrDefault(link.TargetSlot) is JObject input
                && CanvasJson.Id(input["link"]) is { } other
                && other != link.Id
            )
            {
                graph.Links.Remove(link.Id);
            }
        }
        foreach (var input in graph.Nodes.SelectMany(node => node.Inputs))
        {
            if (input.Link is { } id && absent.Contains(id))
            {
                input.Link = null;
            }
        }
    }

    private static void AddDefined(CanvasNode node, WidgetReader reader, JObject[] inFile)
    {
        reader.SetValues(node.Values);
        node.Widgets.AddRange(reader.Widgets);
        AddSockets(node, reader.Sockets, inFile);
        foreach (var widget in reader.Widgets.Where(widget => widget.IsSent && widget.Type.Length > 0))
        {
            node.Inputs.Add(new(widget.Name, widget.Type) { Widget = widget, Link = LinkOf(inFile, widget.Name) });
        }
        var known = node.Inputs.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var input in inFile)
        {
            var name = CanvasJson.Id(input["name"]) ?? "";
            if (known.Add(name) && input["widget"] is not JObject)
            {
                node.Inputs.Add(new(name, CanvasJson.TypeName(input["type"])) { Link = CanvasJson.Id(input["link"]) });
            }
        }
    }

    private static void AddSockets(CanvasNode node, List<(string Name, string Type)> sockets, JObject[] inFile)
    {
        foreach (var (name, type) in sockets)
        {
            node.Inputs.Add(new(name, type) { Link = LinkOf(inFile, name) });
        }
    }

    private static string? LinkOf(JObject[] inFile, string name) =>
        CanvasJson.Id(inFile.FirstOrDefault(input => CanvasJson.Id(input["name"]) == name)?["link"]);

    private static void AddSlots(List<(string Name, string Type)> slots, JToken? inFile)
    {
        foreach (var slot in (inFile as JArray)?.OfType<JObject>() ?? [])
        {
            slots.Add((CanvasJson.Id(slot["name"]) ?? "", CanvasJson.TypeName(slot["type"])));
        }
    }

    private static CanvasLink? ReadLink(JToken link, object id, object origin, object slot, object target, object input)
    {
        JToken? At(object key) =>
            key is int index ? (link as JArray)?.ElementAtOrDefault(index) : (link as JObject)?[(string)key];

        return
            CanvasJson.Id(At(id)) is { } name
            && CanvasJson.Id(At(origin)) is { } from
            && CanvasJson.Id(At(target)) is { } to
            ? new(name, from, CanvasJson.Slot(At(slot)), to, CanvasJson.Slot(At(input)))
            : null;
    }

    /// <summary>Values as a list; an object counts as one only if it has a length and numbers for keys.</summary>
    private static IReadOnlyList<JToken>? ValuesOf(JToken? values)
    {
        switch (values)
        {
            case JArray list:
                return [.. list];
            case JObject members when CanvasJson.Number(members["length"]) is >= 0 and < 10_000 and var length:
                return
                [
                    .. Enumerable.Range(0, (int)length).Select(index => members[$"{index}"] ?? JValue.CreateNull()),
                ];
            default:
                return null;
        }
    }
}
