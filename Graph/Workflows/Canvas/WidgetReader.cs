using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>Makes a node's sockets and widgets from its class's definition, and gives the widgets the file's values.</summary>
internal sealed class WidgetReader
{
    private readonly List<bool> _isForced = [];
    private int _controls;

    private WidgetReader() { }

    public List<(string Name, string Type)> Sockets { get; } = [];

    public List<CanvasWidget> Widgets { get; } = [];

    public static WidgetReader Read(string classType, JObject definition)
    {
        var reader = new WidgetReader();
        var hasUpload = false;
        foreach (var section in (string[])["required", "optional"])
        {
            foreach (var (name, input) in InOrder(definition, section))
            {
                reader.Add(name, input, section == "optional");
                var options = Options(input);
                hasUpload |= IsTrue(options, "image_upload") || IsTrue(options, "animated_image_upload");
            }
            if (section == "required")
            {
                reader.AddExtras(classType);
            }
        }
        if (hasUpload)
        {
            reader.AddUnsent("upload");
        }
        return reader;
    }

    /// <summary>Puts the file's values into the widgets; what is missing gets the definition's default.</summary>
    public void SetValues(IReadOnlyList<JToken>? given) =>
        SetValues(Widgets, given is null ? [] : WithoutForced(given));

    /// <summary>As <see cref="SetValues(IReadOnlyList{JToken})"/>, for values that stand as the widgets do.</summary>
    public static void SetValues(List<CanvasWidget> widgets, IReadOnlyList<JToken> values)
    {
        var next = 0;
        foreach (var widget in widgets)
        {
            if (!widget.IsStored)
            {
                widget.Value = "";
            }
            else
            {
                widget.Value = next < values.Count ? Given(widget, values[next]) : Default(widget);
                next++;
            }
        }
    }

    /// <summary>A text area's text, with the line ends that browsers give it.</summary>
    public static string Area(string text) => text.Replace("\r\n", "\n").Replace('\r', '\n');

    private void Add(string name, JToken input, bool isOptional)
    {
        var given = (input as JArray)?.FirstOrDefault();
        var options = Options(input);
        var type = CanvasJson.TextOrNull(options["widgetType"]) ?? CanvasJson.TypeName(given);
        if (type is not ("INT" or "FLOAT" or "BOOLEAN" or "STRING" or "COMBO" or "MARKDOWN"))
        {
            Sockets.Add((name, type));
            return;
        }
        var isForced = IsTrue(options, "forceInput") || (isOptional && IsTrue(options, "defaultInput"));
        _isForced.Add(isForced);
        var isSeed = type == "INT" && (name is "seed" or "noise_seed" || IsTrue(options, "control_after_generate"));
        if (isForced)
        {
            Sockets.Add((name, type));
            return;
        }
        if (given is JArray choices && options["options"] is null)
        {
            options = (JObject)options.DeepClone();
            options["options"] = choices.DeepClone();
        }
        Widgets.Add(new(name, type, options));
        if (isSeed)
        {
            _controls++;
            AddUnsent("control_after_generate");
        }
        else if (type == "COMBO" && IsTrue(options, "control_after_generate"))
        {
            AddUnsent("control_after_generate");
            AddUnsent("control_filter_list");
        }
    }

    /// <summary>What the frontend's own scripts add to some classes; the file has no entry for it.</summary>
    private void AddExtras(string classType)
    {
        var name = classType switch
        {
            "PreviewAny" => "preview",
            "LoadAudio" or "PreviewAudio" or "SaveAudio" => "audioUI",
            _ => null,
        };
        if (name is not null)
        {
            Widgets.Add(new(name, "", []) { IsStored = false });
        }
    }

    private void AddUnsent(string name) => Widgets.Add(new(name, "", []) { IsSent = false });

    /// <summary>Old files have entries for sockets that never were widgets; told by the count, dropped as the frontend drops them.</summary>
    private IReadOnlyList<JToken> WithoutForced(IReadOnlyList<JToken> values)
    {
        if (!_isForced.Contains(true) || values.Count != _isForced.Count + _controls)
        {
            return values;
        }
        return [.. values.Where((_, index) => index >= _isForced.Count || !_isForced[index])];
    }

    private static JToken? Given(CanvasWidget widget, JToken value)
    {
        if (widget.IsTextArea)
        {
            return Area(CanvasJson.Text(value));
        }
        if (IsTrue(widget.Options, "image_upload") || IsTrue(widget.Options, "animated_image_upload"))
        {
            return Picture(value) is { Length: > 0 } picture ? picture : Default(widget);
        }
        if (widget.Name == "sampler_name" && CanvasJson.TextOrNull(value) is { } sampler)
        {
            return sampler.StartsWith("sample_", StringComparison.Ordinal) ? sampler["sample_".Length..] : sampler;
        }
        return CanvasJson.Normalize(value);
    }

    private static string? Picture(JToken? value)
    {
        var chosen = value is JArray list ? list.FirstOrDefault() : value;
        if (chosen is not JObject file)
        {
            return CanvasJson.Id(chosen);
        }
        var folder = CanvasJson.TextOrNull(file["subfolder"]);
        var name = CanvasJson.TextOrNull(file["filename"]);
        return string.IsNullOrEmpty(folder) ? name : $"{folder}/{name}";
    }

    private static JToken? Default(CanvasWidget widget)
    {
        if (IsTrue(widget.Options, "multi_select") || widget.Options["multi_select"] is JObject)
        {
            return new JArray();
        }
        if (widget.Type != "MARKDOWN" && widget.Options["default"] is { Type: not JTokenType.Null } value)
        {
            return widget.IsTextArea ? Area(CanvasJson.Text(value)) : CanvasJson.Normalize(value);
        }
        return widget.Type switch
        {
            "INT" or "FLOAT" => 0,
            "BOOLEAN" => false,
            "COMBO" => (widget.Options["options"] as JArray)?.FirstOrDefault() is { } first
                ? CanvasJson.Normalize(first)
                : null,
            _ => "",
        };
    }

    private static IEnumerable<(string Name, JToken Input)> InOrder(JObject definition, string section)
    {
        if ((definition["input"] as JObject)?[section] is not JObject inputs)
        {
            return [];
        }
        var order = (definition["input_order"] as JObject)?[section] as JArray;
        var names = order?.Select(CanvasJson.TextOrNull).OfType<string>().Where(inputs.ContainsKey).Distinct() ?? [];
        var all = names.Concat(inputs.Properties().Select(property => property.Name)).Distinct();
        return all.Select(name => (name, inputs[name]!));
    }

    private static JObject Options(JToken input) => (input as JArray)?.ElementAtOrDefault(1) as JObject ?? [];

    private static bool IsTrue(JObject options, string name) => options[name] is JValue { Value: true };
}
