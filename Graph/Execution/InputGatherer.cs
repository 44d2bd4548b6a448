using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Execution;

/// <summary>Collects what a node is called with: constants, and the results of the nodes it is connected to.</summary>
internal sealed class InputGatherer(RunGraph graph, ResultHolder results)
{
    public NodeInputs Gather(RunNode node)
    {
        var inputs = new NodeInputs(node, graph);
        foreach (var input in node.Definition.Inputs)
        {
            if (!node.Inputs.TryGetValue(input.Name, out var value))
            {
                continue;
            }
            if (value is not NodeLink link || input.IsRawLink)
            {
                inputs.Add(input.Name, [value]);
                continue;
            }
            var upstream = graph.Get(link.NodeId);
            if (input.IsLazy && !results.TryUse(node, upstream))
            {
                inputs.Missing.Add(input.Name);
                continue;
            }
            inputs.Add(input.Name, OutputMerger.Output(node, input.Name, upstream, link.Slot));
        }
        return inputs;
    }

    /// <summary>The node behind an input that a lazy node asks for.</summary>
    public RunNode UpstreamOf(RunNode node, string input)
    {
        if (node.Inputs.TryGetValue(input, out var value) && value is NodeLink link)
        {
            return graph.Get(link.NodeId);
        }
        var problem = node.Inputs.ContainsKey(input)
            ? "but that value is a constant"
            : "but there is no input to that node at all";
        throw new GraphException(
            "comfy_execution.graph.NodeInputError",
            $"Node {node.Id} says it needs input {input}, {problem}",
            input
        );
    }
}
