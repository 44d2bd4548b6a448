using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Catalogue;

/// <summary>Writes a node's entry in <c>/object_info</c>, in the shape of its schema.</summary>
internal sealed class ObjectInfoWriter(NodeDefinition definition, IServiceProvider services)
{
    private readonly NodeAttribute _node = definition.Attribute;

    private bool IsV3 => _node.Schema == NodeSchema.V3;

    public JObject Write()
    {
        var entry = new JObject
        {
            ["input"] = Inputs(),
            ["input_order"] = InputOrder(),
            ["output"] = new JArray(definition.Outputs.Select(output => output.Type)),
            ["output_is_list"] = new JArray(definition.Outputs.Select(output => output.IsList)),
            ["output_name"] = new JArray(definition.Outputs.Select(output => output.Name)),
        };
        if (IsV3)
        {
            entry["output_tooltips"] = OutputTooltips();
        }
        entry["name"] = _node.WireName;
        entry["display_name"] = DisplayName();
        entry["description"] = _node.Description;
        entry["python_module"] = definition.Module;
        entry["category"] = _node.Category;
        entry["output_node"] = _node.OutputNode;
        if (!IsV3 && definition.OutputTooltips.Any(tooltip => tooltip is not null))
        {
            entry["output_tooltips"] = OutputTooltips();
        }
        AddFlag(entry, "deprecated", _node.Deprecated);
        AddFlag(entry, "experimental", _node.Experimental);
        AddFlag(entry, "api_node", _node.ApiNode);
        return entry;
    }

    private JValue DisplayName() =>
        _node.DisplayName is { } title ? new(title)
        : IsV3 ? JValue.CreateNull()
        : new(_node.WireName);

    private void AddFlag(JObject entry, string key, bool value)
    {
        if (IsV3 || value)
        {
            entry[key] = value;
        }
    }

    private JArray OutputTooltips() =>
        new(definition.OutputTooltips.Select(tooltip => tooltip is null ? JValue.CreateNull() : (JToken)tooltip));

    private JObject Inputs()
    {
        var inputs = new JObject();
        AddSection(inputs, "required", definition.Inputs.Where(input => !input.IsOptional), always: true);
        AddSection(inputs, "optional", definition.Inputs.Where(input => input.IsOptional), always: false);
        if (definition.Hidden.Count > 0)
        {
            inputs["hidden"] = new JObject(
                definition.Hidden.Select(hidden => new JProperty(
                    hidden.Name,
                    IsV3 ? new JArray(hidden.KindName) : hidden.KindName
                ))
            );
        }
        return inputs;
    }

    private void AddSection(JObject inputs, string section, IEnumerable<InputDefinition> members, bool always)
    {
        var entries = new JObject(
            members.Select(input => new JProperty(input.Name, InputConfigWriter.Entry(input, _node.Schema, services)))
        );
        if (always || entries.Count > 0)
        {
            inputs[section] = entries;
        }
    }

    private JObject InputOrder()
    {
        var order = new JObject { ["required"] = Names(definition.Inputs.Where(input => !input.IsOptional)) };
        if (definition.Inputs.Any(input => input.IsOptional))
        {
            order["optional"] = Names(definition.Inputs.Where(input => input.IsOptional));
        }
        if (definition.Hidden.Count > 0)
        {
            order["hidden"] = new JArray(definition.Hidden.Select(hidden => hidden.Name));
        }
        return order;
    }

    private static JArray Names(IEnumerable<InputDefinition> inputs) => new(inputs.Select(input => input.Name));
}
