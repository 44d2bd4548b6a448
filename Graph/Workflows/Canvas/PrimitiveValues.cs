using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>Primitive nodes: their value is copied into the widgets their links go to, within the widgets' limits.</summary>
internal static class PrimitiveValues
{
    public static void Apply(CanvasGraph root, WidgetText texts)
    {
        foreach (var node in root.Nodes.Where(node => node.Type == "PrimitiveNode"))
        {
            Apply(node, root, texts);
        }
    }

    private static void Apply(CanvasNode primitive, CanvasGraph root, WidgetText texts)
    {
        var targets = new List<CanvasWidget>();
        var isFirst = true;
        var isUndefined = false;
        foreach (var id in LinksOf(primitive))
        {
            if (!root.Links.TryGetValue(id, out var link) || !root.NodesById.TryGetValue(link.TargetId, out var node))
            {
                continue;
            }
            // The first target decides what widget the primitive has; an unknown node gives it none.
            isUndefined |= isFirst && !node.IsKnown;
            isFirst = false;
            if (node.Inputs.FirstOrDefault(input => input.Link == id)?.Widget is { } widget)
            {
                targets.Add(widget);
            }
        }
        if (targets.Count == 0)
        {
            return;
        }
        var value = primitive.Values is { Count: > 0 } values ? values[0] : targets[0].Value;
        if (isUndefined)
        {
            value = JValue.CreateNull();
        }
        var properties = primitive.Source["properties"] as JObject;
        if (
            properties?["Run widget replace on values"] is JValue { Value: true }
            && value is JValue { Value: string text }
        )
        {
            value = texts.Replace(text);
        }
        if (value is JValue { Type: JTokenType.Integer or JTokenType.Float })
        {
            var numbers = targets.Where(target => target.Type is "INT" or "FLOAT").ToArray();
            var least = numbers
                .Select(target => CanvasJson.Number(target.Options["min"]) ?? 0)
                .DefaultIfEmpty(double.MinValue)
                .Max();
            var most = numbers
                .Select(target => CanvasJson.Number(target.Options["max"]) ?? 2048)
                .DefaultIfEmpty(double.MaxValue)
                .Min();
            var number = Math.Max(least, Math.Min(most, CanvasJson.Number(value)!.Value));
            foreach (var target in targets)
            {
                target.Value = CanvasJson.FromNumber(Round(number, target));
            }
            return;
        }
        foreach (var target in targets)
        {
            target.Value = target.IsTextArea ? CanvasJson.Text(value) : value?.DeepClone();
        }
    }

    private static double Round(double value, CanvasWidget widget)
    {
        var options = widget.Options;
        double grain;
        switch (widget.Type)
        {
            case "INT":
                grain = CanvasJson.Number(options["step"]) ?? 1;
                break;
            case "FLOAT" when options["round"] is JValue { Value: false }:
                return value;
            case "FLOAT":
                var step = CanvasJson.Number(options["step"]) ?? 0.5;
                var digits = step > 0 ? Math.Max(0, -Math.Floor(Math.Log10(step))) : 0;
                // A power, as the frontend has it: 0.1 squared is a little more than 0.01, and shows in the values.
                grain = CanvasJson.Number(options["round"]) ?? Math.Pow(0.1, digits);
                break;
            default:
                return value;
        }
        if (!(grain > 0))
        {
            return value;
        }
        var offset = widget.Type == "INT" ? (CanvasJson.Number(options["min"]) ?? 0) % grain : 0;
        return (grain * Math.Floor(((value - offset) / grain) + 0.5)) + offset;
    }

    private static IEnumerable<string> LinksOf(CanvasNode node) =>
        ((node.Source["outputs"] as JArray)?.FirstOrDefault() as JObject)?["links"] is JArray links
            ? links.Select(CanvasJson.Id).OfType<string>()
            : [];
}
