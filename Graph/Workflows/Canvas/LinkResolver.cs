using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>Follows an input's link to the node that runs: through subgraphs, Reroutes and bypassed nodes.</summary>
internal static class LinkResolver
{
    private const int MaximumSteps = 10_000;

    /// <summary>A link <c>[id, slot]</c>, a promoted widget's value, or null if nothing comes in.</summary>
    public static JToken? Resolve(CanvasScope scope, CanvasNode node, CanvasInput input)
    {
        var isBypassing = false;
        for (var step = 0; step < MaximumSteps; step++)
        {
            if (input.Link is not { } id)
            {
                return input.PromotedValue is { } promoted ? WidgetValue(promoted) : null;
            }
            if (!scope.Graph.Links.TryGetValue(id, out var link))
            {
                throw new CanvasException(
                    $"{node} in {scope.Graph.Name}: its input '{input.Name}' names link {id}, which the file does not have. "
                        + "Open the workflow in ComfyUI and save it again."
                );
            }
            if (link.OriginId == CanvasLink.SubgraphInput && scope.Instance is { } instance)
            {
                if (link.OriginSlot < 0 || link.OriginSlot >= instance.Inputs.Count)
                {
                    return null;
                }
                (node, input, scope) = (instance, instance.Inputs[link.OriginSlot], scope.Parent!);
                continue;
            }
            if (!scope.Graph.NodesById.TryGetValue(link.OriginId, out var origin))
            {
                return null;
            }
            var slot = link.OriginSlot;
            while (origin is { Subgraph: not null, IsBypassed: false })
            {
                scope = scope.Enter(origin);
                var exit = scope.Graph.Links.Values.FirstOrDefault(inner =>
                    inner.TargetId == CanvasLink.SubgraphOutput && inner.TargetSlot == slot
                );
                if (exit is null)
                {
                    return null;
                }
                if (exit.OriginId == CanvasLink.SubgraphInput)
                {
                    throw new CanvasException(
                        $"{origin}: output {slot} of {scope.Graph.Name} is linked straight to its input, which cannot run. "
                            + "Link around the subgraph."
                    );
                }
                if (!scope.Graph.NodesById.TryGetValue(exit.OriginId, out origin))
                {
                    return null;
                }
                slot = exit.OriginSlot;
            }
            if (!origin.IsBypassed && !origin.IsVirtual)
            {
                return new JArray(scope.IdOf(origin), slot);
            }
            isBypassing |= origin.IsBypassed;
            var next = origin.IsBypassed ? Passage(origin, slot, input.Type) : origin.Inputs.ElementAtOrDefault(slot);
            if (next is null)
            {
                return null;
            }
            (node, input) = (origin, next);
        }
        return isBypassing
            ? throw new CanvasException(
                $"{node} in {scope.Graph.Name}: bypassed nodes are linked in a loop. Remove a link."
            )
            : null;
    }

    /// <summary>The input a bypassed node passes on: the one at the same place, else the first, of the wanted type.</summary>
    private static CanvasInput? Passage(CanvasNode node, int slot, string type) =>
        node.Inputs.ElementAtOrDefault(slot) is { } same && same.Type == type
            ? same
            : node.Inputs.FirstOrDefault(input => input.Type == type);

    private static JToken WidgetValue(JToken value) =>
        value is JArray ? new JObject { ["__value__"] = value.DeepClone() } : value.DeepClone();
}
