namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>Widgets inside a subgraph that its instances show as their own.</summary>
internal static class PromotedWidgets
{
    /// <summary>The value of each promoted widget, on the instance's inputs.</summary>
    public static void Read(CanvasNode instance, CanvasGraph owner)
    {
        var definition = instance.Subgraph!;
        if (definition.Place >= owner.Place || instance.Values is not { } values)
        {
            // An instance made before its definition is filled shows nothing.
            return;
        }
        var next = 0;
        for (var slot = 0; slot < instance.Inputs.Count && next < values.Count; slot++)
        {
            if (InnerWidget(definition, slot) is { } widget)
            {
                var value = values[next++];
                instance.Inputs[slot].PromotedValue = widget.IsTextArea
                    ? WidgetReader.Area(CanvasJson.Text(value))
                    : CanvasJson.Normalize(value);
            }
        }
    }

    /// <summary>A text area is one for the inner node and all instances: what the last instance holds is in all.</summary>
    public static void ShareTexts(CanvasGraph root)
    {
        foreach (var instance in root.Nodes.Where(node => node.Subgraph is not null))
        {
            for (var slot = 0; slot < instance.Inputs.Count; slot++)
            {
                var input = instance.Inputs[slot];
                if (
                    input.PromotedValue is { } value
                    && InnerWidget(instance.Subgraph!, slot) is { IsTextArea: true } widget
                )
                {
                    widget.Value = value;
                    input.PromotedValue = null;
                }
            }
        }
    }

    private static CanvasWidget? InnerWidget(CanvasGraph definition, int slot)
    {
        foreach (var link in definition.Links.Values)
        {
            if (
                link.OriginId == CanvasLink.SubgraphInput
                && link.OriginSlot == slot
                && definition.NodesById.TryGetValue(link.TargetId, out var node)
                && node.Inputs.FirstOrDefault(input => input.Link == link.Id)?.Widget is { } widget
            )
            {
                return widget;
            }
        }
        return null;
    }
}
