using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>Group nodes, the older kind of subgraph: each becomes a subgraph of its own with the values it holds.</summary>
internal static class GroupNodes
{
    private const string Prefix = "workflow>";

    public static JObject? Find(JObject groups, string type) =>
        type.StartsWith(Prefix, StringComparison.Ordinal)
        && groups[type[Prefix.Length..]] is JObject group
        && group["nodes"] is JArray
            ? group
            : null;

    public static void Expand(CanvasNode outer, JObject group, CanvasReader reader)
    {
        var graph = new CanvasGraph($"group node {outer}") { Place = 0 };
        foreach (var source in ((JArray)group["nodes"]!).OfType<JObject>())
        {
            var id = $"{graph.Nodes.Count}";
            graph.Add(reader.ReadNode(source, id, graph));
        }
        foreach (var input in graph.Nodes.SelectMany(node => node.Inputs))
        {
            input.Link = null;
        }
        var isLinkedInside = new HashSet<(string Node, int Slot)>();
        foreach (var token in (group["links"] as JArray)?.OfType<JArray>() ?? [])
        {
            AddInnerLink(graph, token, isLinkedInside);
        }
        SetValues(outer, graph, group);
        AddInputs(outer, graph, group);
        AddOutputs(graph, group, isLinkedInside);
        outer.Subgraph = graph;
    }

    private static void AddInnerLink(CanvasGraph graph, JArray token, HashSet<(string Node, int Slot)> isLinkedInside)
    {
        var origin = CanvasJson.Id(token.ElementAtOrDefault(0));
        var originSlot = CanvasJson.Slot(token.ElementAtOrDefault(1));
        var target = CanvasJson.Id(token.ElementAtOrDefault(2));
        var targetSlot = CanvasJson.Slot(token.ElementAtOrDefault(3));
        if (
            origin is null
            || target is null
            || targetSlot < 0
            || !graph.NodesById.ContainsKey(origin)
            || !graph.NodesById.TryGetValue(target, out var node)
        )
        {
            return;
        }
        // Slots count the inputs in the file, which need not stand as the definition has them.
        var name = CanvasJson.Id(
            ((node.Source["inputs"] as JArray)?.ElementAtOrDefault(targetSlot) as JObject)?["name"]
        );
        if (node.Inputs.FirstOrDefault(input => input.Name == name) is { } found)
        {
            var link = new CanvasLink($"inner {graph.Links.Count}", origin, originSlot, target, targetSlot);
            graph.Links[link.Id] = link;
            found.Link = link.Id;
            isLinkedInside.Add((origin, originSlot));
        }
    }

    private static void SetValues(CanvasNode outer, CanvasGraph graph, JObject group)
    {
        if (outer.Values is not { } values)
        {
            return;
        }
        var next = 0;
        foreach (var node in graph.Nodes.Where(node => node.IsKnown))
        {
            var inner = node.Values ?? [];
            var merged = new List<JToken>();
            foreach (var widget in node.Widgets.Where(widget => widget.IsStored))
            {
                var place = merged.Count;
                var isShown = IsVisible(group, node, widget.Name) && !IsLinked(node, widget);
                var value = isShown && next < values.Count ? values[next++] : inner.ElementAtOrDefault(place);
                if (value is null)
                {
                    break;
                }
                merged.Add(value);
            }
            WidgetReader.SetValues(node.Widgets, merged);
        }
    }

    private static void AddInputs(CanvasNode outer, CanvasGraph graph, JObject group)
    {
        var inFile = (outer.Source["inputs"] as JArray)
            ?.OfType<JObject>()
            .Where(input => input["widget"] is not JObject);
        var given = inFile?.ToArray() ?? [];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var targets = graph.Nodes.SelectMany(node => node.Inputs.Select(input => (Node: node, Input: input)));
        foreach (var (node, input) in targets.ToArray())
        {
            if (input.Widget is not null || input.Link is not null || !IsVisible(group, node, input.Name))
            {
                continue;
            }
            var name = Unique(names, node, input.Name);
            var slot = outer.Inputs.Count;
            var match = given.FirstOrDefault(candidate => CanvasJson.Id(candidate["name"]) == name);
            outer.Inputs.Add(new(name, input.Type) { Link = CanvasJson.Id(match?["link"]) });
            graph.Inputs.Add((name, input.Type));
            var link = new CanvasLink($"in {slot}", CanvasLink.SubgraphInput, slot, node.Id, 0);
            graph.Links[link.Id] = link;
            input.Link = link.Id;
        }
    }

    private static string Unique(HashSet<string> names, CanvasNode node, string plain)
    {
        var name = plain;
        for (var count = 1; !names.Add(name); count++)
        {
            var owner = node.Title ?? node.Type;
            name = count == 1 ? $"{owner} {plain}" : $"{owner} {count} {plain}";
        }
        return name;
    }

    private static void AddOutputs(CanvasGraph graph, JObject group, HashSet<(string Node, int Slot)> isLinkedInside)
    {
        var external = ((group["external"] as JArray)?.OfType<JArray>() ?? [])
            .Select(entry => (CanvasJson.Id(entry.ElementAtOrDefault(0)), CanvasJson.Slot(entry.ElementAtOrDefault(1))))
            .ToHashSet();
        foreach (var node in graph.Nodes)
        {
            var outputs = (node.Source["outputs"] as JArray)?.OfType<JObject>().ToArray() ?? [];
            for (var slot = 0; slot < outputs.Length; slot++)
            {
                if (isLinkedInside.Contains((node.Id, slot)) && !external.Contains((node.Id, slot)))
                {
                    continue;
                }
                var place = graph.Outputs.Count;
                graph.Outputs.Add(
                    (CanvasJson.Id(outputs[slot]["name"]) ?? "", CanvasJson.TypeName(outputs[slot]["type"]))
                );
                graph.Links[$"out {place}"] = new($"out {place}", node.Id, slot, CanvasLink.SubgraphOutput, place);
            }
        }
    }

    private static bool IsLinked(CanvasNode node, CanvasWidget widget) =>
        node.Inputs.Any(input => input.Widget == widget && input.Link is not null);

    private static bool IsVisible(JObject group, CanvasNode node, string name) =>
        (((group["config"] as JObject)?[node.Id] as JObject)?["input"] as JObject)?[name] is not JObject settings
        || settings["visible"] is not JValue { Value: false };
}
