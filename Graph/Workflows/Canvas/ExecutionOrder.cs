namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>Kahn's algorithm: nodes behind what they need, those free from the start in the file's order; nodes of loops come last.</summary>
internal static class ExecutionOrder
{
    public static IEnumerable<CanvasNode> Of(CanvasGraph graph)
    {
        var places = graph
            .Nodes.Select((node, place) => (node, place))
            .ToDictionary(pair => pair.node, pair => pair.place);
        var waitsFor = new int[graph.Nodes.Count];
        var consumers = graph.Nodes.Select(_ => new List<int>()).ToArray();
        for (var place = 0; place < graph.Nodes.Count; place++)
        {
            foreach (var input in graph.Nodes[place].Inputs)
            {
                if (
                    input.Link is { } id
                    && graph.Links.TryGetValue(id, out var link)
                    && graph.NodesById.TryGetValue(link.OriginId, out var origin)
                )
                {
                    waitsFor[place]++;
                    consumers[places[origin]].Add(place);
                }
            }
        }
        var ready = new Queue<int>();
        for (var place = 0; place < waitsFor.Length; place++)
        {
            if (waitsFor[place] == 0)
            {
                ready.Enqueue(place);
            }
        }
        while (ready.TryDequeue(out var place))
        {
            yield return graph.Nodes[place];
            foreach (var consumer in consumers[place])
            {
                if (--waitsFor[consumer] == 0)
                {
                    ready.Enqueue(consumer);
                }
            }
        }
        foreach (var node in graph.Nodes.Where((_, place) => waitsFor[place] > 0))
        {
            yield return node;
        }
    }
}
