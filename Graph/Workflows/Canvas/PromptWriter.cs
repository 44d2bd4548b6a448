using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>Writes the prompt: one entry for each node that runs, in the order JavaScript gives an object's keys.</summary>
internal sealed class PromptWriter(WidgetText texts)
{
    // Subgraphs that hold each other twice over grow without end; no real workflow comes near.
    private const int MaximumNodes = 50_000;

    private readonly Dictionary<string, JObject> _entries = new(StringComparer.Ordinal);
    private readonly List<string> _ids = [];
    private readonly List<UnknownCanvasNode> _unknown = [];
    private readonly List<(JObject Inputs, string Name, string Source)> _links = [];

    private int _visited;

    public CanvasConversion Write(CanvasGraph root, IReadOnlyCollection<string>? outputs)
    {
        var scope = new CanvasScope(root);
        // Depth first without recursion: an instance's nodes take its place.
        var pending = new Stack<(CanvasScope Scope, CanvasNode Node)>();
        foreach (var node in ExecutionOrder.Of(root).Reverse())
        {
            pending.Push((scope, node));
        }
        while (pending.TryPop(out var next))
        {
            if (++_visited > MaximumNodes)
            {
                throw new CanvasException($"The workflow's subgraphs hold more than {MaximumNodes} nodes.");
            }
            Visit(next.Scope, next.Node, pending);
        }
        foreach (var (inputs, name, source) in _links)
        {
            if (!_entries.ContainsKey(source))
            {
                inputs.Remove(name);
            }
        }
        var kept = outputs is null ? null : WithAncestors(outputs);
        var prompt = new JObject();
        foreach (
            var id in _ids.Where(id => Index(id) is not null).OrderBy(Index).Concat(_ids.Where(id => Index(id) is null))
        )
        {
            if (kept?.Contains(id) != false)
            {
                prompt[id] = _entries[id];
            }
        }
        return new(prompt, [.. _unknown.Where(node => kept?.Contains(node.Id) != false)]);
    }

    private void Visit(CanvasScope scope, CanvasNode node, Stack<(CanvasScope Scope, CanvasNode Node)> pending)
    {
        var isOff = node.IsMuted || node.IsBypassed;
        if (node.Subgraph is { } inner)
        {
            // Only the outermost instance's mode counts for what is inside.
            if (!isOff || scope.Parent is not null)
            {
                var inside = scope.Enter(node);
                for (var place = inner.Nodes.Count - 1; place >= 0; place--)
                {
                    pending.Push((inside, inner.Nodes[place]));
                }
            }
            return;
        }
        var id = scope.IdOf(node);
        if (isOff || node.IsVirtual || _entries.ContainsKey(id))
        {
            return;
        }
        _ids.Add(id);
        _entries[id] = Entry(scope, node);
        if (!node.IsKnown)
        {
            _unknown.Add(new(id, node.Type, node.Title));
        }
    }

    private JObject Entry(CanvasScope scope, CanvasNode node)
    {
        var inputs = new JObject();
        foreach (var widget in node.Widgets.Where(widget => widget.IsSent))
        {
            if (texts.Serialize(node, widget) is { } value)
            {
                inputs[widget.Name] = value;
            }
        }
        if (!node.IsKnown && node.Values is { Count: > 0 } values)
        {
            inputs["UNKNOWN"] = values[^1] is JContainer container
                ? container.ToString(Formatting.None)
                : CanvasJson.Normalize(values[^1]);
        }
        foreach (var input in node.Inputs)
        {
            if (LinkResolver.Resolve(scope, node, input) is { } value)
            {
                inputs[input.Name] = value;
                if (value is JArray link)
                {
                    _links.Add((inputs, input.Name, (string)link[0]!));
                }
            }
        }
        var entry = new JObject { ["inputs"] = inputs };
        if (node.IsKnown)
        {
            entry["class_type"] = node.Type;
            entry["_meta"] = new JObject { ["title"] = node.ShownTitle };
        }
        else
        {
            entry["_meta"] = node.Title is { } title ? new JObject { ["title"] = title } : [];
        }
        return entry;
    }

    private HashSet<string> WithAncestors(IReadOnlyCollection<string> outputs)
    {
        var sources = _links.ToLookup(link => link.Inputs, link => link.Source);
        var kept = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<string>(outputs);
        while (pending.TryPop(out var id))
        {
            if (_entries.TryGetValue(id, out var entry) && kept.Add(id))
            {
                foreach (var source in sources[(JObject)entry["inputs"]!])
                {
                    pending.Push(source);
                }
            }
        }
        return kept;
    }

    /// <summary>The number, if JavaScript takes the key for an array index; those come first, ascending.</summary>
    private static uint? Index(string id) =>
        uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        && index != uint.MaxValue
        && index.ToString(CultureInfo.InvariantCulture) == id
            ? index
            : null;
}
