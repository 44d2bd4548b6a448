using System.Globalization;
using Newtonsoft.Json.Linq;

namespace NodeHost.TinyModels;

/// <summary>Draws a workflow in API format as the canvas saves it (workflow JSON 0.4): nodes in columns, from what needs nothing to what is saved.</summary>
internal sealed class CanvasDrawing
{
    private const int ColumnWidth = 380;
    private const int NodeWidth = 320;
    private const int Gap = 40;
    private const int TitleHeight = 30;
    private const int SlotHeight = 20;
    private const int WidgetHeight = 24;
    private const int TextAreaHeight = 110;

    private readonly JObject _prompt;
    private readonly JObject _objectInfo;
    private readonly Dictionary<string, JObject> _nodes = [];
    private readonly JArray _links = [];

    private CanvasDrawing(JObject prompt, JObject objectInfo)
    {
        _prompt = prompt;
        _objectInfo = objectInfo;
    }

    /// <param name="prompt">The workflow; its ids are numbers.</param>
    /// <param name="objectInfo">The definitions of its nodes.</param>
    public static JObject Draw(JObject prompt, JObject objectInfo)
    {
        var drawing = new CanvasDrawing(prompt, objectInfo);
        drawing.Place();
        foreach (var (id, node) in prompt)
        {
            drawing.Connect(id, (JObject)node!);
        }
        return new JObject
        {
            ["last_node_id"] = prompt.Properties().Max(node => Number(node.Name)),
            ["last_link_id"] = drawing._links.Count,
            ["nodes"] = new JArray(prompt.Properties().Select(node => drawing._nodes[node.Name])),
            ["links"] = drawing._links,
            ["groups"] = new JArray(),
            ["config"] = new JObject(),
            ["extra"] = new JObject(),
            ["version"] = 0.4,
        };
    }

    private static int Number(string id) => int.Parse(id, CultureInfo.InvariantCulture);

    /// <summary>A node's column is one behind the last of what it needs; a column is filled from the top.</summary>
    private void Place()
    {
        var columns = new Dictionary<string, int>();
        int ColumnOf(string id) =>
            columns.TryGetValue(id, out var known)
                ? known
                : columns[id] = Sources(id).Select(source => ColumnOf(source) + 1).DefaultIfEmpty(0).Max();
        var filled = new Dictionary<int, int>();
        var order = 0;
        foreach (var id in _prompt.Properties().Select(node => node.Name).OrderBy(ColumnOf))
        {
            var column = ColumnOf(id);
            var node = Node(id, order++);
            var height = (int)node["size"]![1]!;
            var top = filled.GetValueOrDefault(column);
            node["pos"] = new JArray(column * ColumnWidth, top);
            filled[column] = top + height + TitleHeight + Gap;
            _nodes[id] = node;
        }
    }

    private IEnumerable<string> Sources(string id) =>
        ((JObject)_prompt[id]!["inputs"]!).Properties().Select(input => Link(input.Value)?.Node).OfType<string>();

    private static (string Node, int Slot)? Link(JToken? value) =>
        value is JArray { Count: 2 } link && link[0].Type == JTokenType.String
            ? ((string)link[0]!, (int)link[1])
            : null;

    private JObject Node(string id, int order)
    {
        var node = (JObject)_prompt[id]!;
        var type = (string)node["class_type"]!;
        var definition = (JObject)_objectInfo[type]!;
        var values = new JArray();
        var inputs = new JArray();
        var heights = 0;
        foreach (var (name, input) in InputsOf(definition))
        {
            var widget = WidgetType(input);
            var given = node["inputs"]![name];
            if (widget is null || Link(given) is not null)
            {
                inputs.Add(Socket(name, widget ?? (string)input[0]!, widget is not null));
            }
            if (widget is null)
            {
                continue;
            }
            var options = input.ElementAtOrDefault(1) as JObject ?? [];
            values.Add(Link(given) is null && given is not null ? given.DeepClone() : Default(input, options, widget));
            heights += (bool?)options["multiline"] == true ? TextAreaHeight : WidgetHeight;
            if (widget == "INT" && ((bool?)options["control_after_generate"] == true || name is "seed" or "noise_seed"))
            {
                values.Add("fixed");
                heights += WidgetHeight;
            }
            if ((bool?)options["image_upload"] == true)
            {
                values.Add("image");
                heights += WidgetHeight;
            }
        }
        var outputs = Outputs(definition);
        var drawn = new JObject
        {
            ["id"] = Number(id),
            ["type"] = type,
            ["pos"] = new JArray(0, 0),
            ["size"] = new JArray(NodeWidth, Math.Max(inputs.Count, outputs.Count) * SlotHeight + heights + 16),
            ["flags"] = new JObject(),
            ["order"] = order,
            ["mode"] = 0,
            ["inputs"] = inputs,
            ["outputs"] = outputs,
        };
        if ((string?)node["_meta"]?["title"] is { } title && title != (string?)definition["display_name"])
        {
            drawn["title"] = title;
        }
        drawn["properties"] = new JObject { ["Node name for S&R"] = type };
        drawn["widgets_values"] = values;
        return drawn;
    }

    private void Connect(string id, JObject node)
    {
        foreach (var (name, value) in (JObject)node["inputs"]!)
        {
            if (Link(value) is not var (source, slot))
            {
                continue;
            }
            var inputs = (JArray)_nodes[id]["inputs"]!;
            var socket = inputs.First(input => (string)input["name"]! == name);
            var output = _nodes[source]["outputs"]![slot]!;
            var link = _links.Count + 1;
            socket["link"] = link;
            ((JArray)output["links"]!).Add(link);
            _links.Add(new JArray(link, Number(source), slot, Number(id), inputs.IndexOf(socket), output["type"]!));
        }
    }

    private static JObject Socket(string name, string type, bool isWidget)
    {
        var socket = new JObject
        {
            ["name"] = name,
            ["type"] = type,
            ["link"] = null,
        };
        if (isWidget)
        {
            socket["widget"] = new JObject { ["name"] = name };
        }
        return socket;
    }

    private static JToken Default(JArray input, JObject options, string widget) =>
        options["default"]
        ?? ((input[0] as JArray) ?? (options["options"] as JArray))?.FirstOrDefault()
        ?? (
            widget switch
            {
                "INT" or "FLOAT" => 0,
                "BOOLEAN" => false,
                _ => "",
            }
        );

    private static JArray Outputs(JObject definition) =>
        [
            .. ((JArray)definition["output"]!).Select(
                (type, slot) =>
                    new JObject
                    {
                        ["name"] = definition["output_name"]?[slot] ?? type,
                        ["type"] = type,
                        ["links"] = new JArray(),
                        ["slot_index"] = slot,
                    }
            ),
        ];

    private static IEnumerable<(string Name, JArray Input)> InputsOf(JObject definition) =>
        from section in new[] { "required", "optional" }
        from input in (definition["input"]?[section] as JObject)?.Properties() ?? []
        select (input.Name, (JArray)input.Value);

    private static string? WidgetType(JArray input) =>
        input[0] is JArray ? "COMBO"
        : (string?)input[0] is "INT" or "FLOAT" or "STRING" or "BOOLEAN" or "COMBO"
        && (bool?)(input.ElementAtOrDefault(1) as JObject)?["forceInput"] != true
            ? (string?)input[0]
        : null;
}
