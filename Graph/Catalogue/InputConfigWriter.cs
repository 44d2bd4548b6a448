using System.Globalization;
using System.Numerics;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Catalogue;

/// <summary>Writes an input's <c>[type, options]</c>, with the option keys in ComfyUI's order.</summary>
internal static class InputConfigWriter
{
    /// <summary>As <c>/object_info</c> has it: V1 nodes leave out empty options.</summary>
    public static JArray Entry(InputDefinition input, NodeSchema schema, IServiceProvider services)
    {
        var config = Config(input, schema, services);
        if (schema == NodeSchema.V1 && !input.Attribute.WithOptions && !config[1].HasValues)
        {
            config.RemoveAt(1);
        }
        return config;
    }

    /// <summary>As validation errors have it: always two elements.</summary>
    public static JArray Config(InputDefinition input, NodeSchema schema, IServiceProvider services)
    {
        var choices = input.Options(services);
        var options = new JObject();
        if (schema == NodeSchema.V3)
        {
            AddCommon(options, input);
        }
        AddDefault(options, input, choices);
        switch (input.Attribute)
        {
            case NumberAttribute number:
                AddNumber(options, input, number);
                break;
            case ToggleAttribute toggle:
                Add(options, "label_on", toggle.LabelOn);
                Add(options, "label_off", toggle.LabelOff);
                break;
            case ChoiceAttribute choice:
                AddChoice(options, input, choice, choices, schema);
                break;
        }
        if (input.SocketType == "STRING")
        {
            AddText(options, input.Attribute as TextAttribute, schema);
        }
        AddTrue(options, "forceInput", input.Attribute.ForceInput);
        AddTrue(options, "rawLink", input.Attribute.RawLink);
        AddTrue(options, "advanced", input.Attribute.Advanced);
        foreach (var extra in input.Extras)
        {
            options[extra.Key] = JToken.Parse(extra.Json);
        }
        if (schema == NodeSchema.V1)
        {
            AddCommon(options, input);
        }
        return [input.SocketType is { } type ? type : new JArray(choices!), options];
    }

    private static void AddCommon(JObject options, InputDefinition input)
    {
        Add(options, "display_name", input.Attribute.DisplayName);
        Add(options, "tooltip", input.Attribute.Tooltip);
        AddTrue(options, "lazy", input.Attribute.Lazy);
    }

    private static void AddDefault(JObject options, InputDefinition input, IReadOnlyList<JToken>? choices)
    {
        if (input.Default is null)
        {
            return;
        }
        var value = Value(input.Default, input.SocketType);
        var isFirst = choices is [var first, ..] && JToken.DeepEquals(first, value);
        if (input.Choice is null || input.Choice.ShowDefault || !isFirst)
        {
            options["default"] = value;
        }
    }

    private static void AddNumber(JObject options, InputDefinition input, NumberAttribute number)
    {
        AddNumber(options, "min", input.Minimum, input.SocketType);
        AddNumber(options, "max", input.Maximum, input.SocketType);
        AddNumber(options, "step", double.IsNaN(number.Step) ? null : number.Step, input.SocketType);
        AddNumber(options, "round", double.IsNaN(number.Round) ? null : number.Round, input.SocketType);
        if (number.NoRound)
        {
            options["round"] = false;
        }
        AddTrue(options, "control_after_generate", number.ControlAfterGenerate);
        Add(options, "display", number.Display);
    }

    private static void AddText(JObject options, TextAttribute? text, NodeSchema schema)
    {
        if (text?.Multiline == true)
        {
            options["multiline"] = true;
        }
        else if (schema == NodeSchema.V3 || text?.SingleLine == true)
        {
            options["multiline"] = false;
        }
        Add(options, "placeholder", text?.Placeholder);
        AddTrue(options, "dynamicPrompts", text?.DynamicPrompts ?? false);
    }

    private static void AddChoice(
        JObject options,
        InputDefinition input,
        ChoiceAttribute choice,
        IReadOnlyList<JToken>? choices,
        NodeSchema schema
    )
    {
        if (input.SocketType == "COMBO")
        {
            if (schema == NodeSchema.V3 || choice.MultiSelect)
            {
                options["multiselect"] = choice.MultiSelect;
            }
            if (choices is not null)
            {
                options["options"] = new JArray(choices);
            }
        }
        if (choice.Upload is not null)
        {
            options[choice.Upload + "_upload"] = true;
        }
    }

    private static void AddNumber(JObject options, string key, object? value, string? socketType)
    {
        if (value is not null)
        {
            options[key] = Value(value, socketType);
        }
    }

    private static JToken Value(object value, string? socketType) =>
        value switch
        {
            BigInteger whole => new JValue(whole),
            double whole when socketType == "INT" && double.IsInteger(whole) => new JValue((long)whole),
            IConvertible number when socketType == "FLOAT" => new JValue(number.ToDouble(CultureInfo.InvariantCulture)),
            _ => JToken.FromObject(value),
        };

    private static void Add(JObject options, string key, string? value)
    {
        if (value is not null)
        {
            options[key] = value;
        }
    }

    private static void AddTrue(JObject options, string key, bool value)
    {
        if (value)
        {
            options[key] = true;
        }
    }
}
