using System.Globalization;
using System.Reflection;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Catalogue;

/// <summary>One input of a node: its names, its type, its widget and the property that receives it.</summary>
public sealed class InputDefinition
{
    internal InputDefinition(
        PropertyInfo property,
        InputAttribute attribute,
        string name,
        string? socketType,
        Type valueType,
        bool isOptional,
        bool allowsNull,
        object? defaultValue
    )
    {
        Property = property;
        Attribute = attribute;
        Name = name;
        SocketType = socketType;
        ValueType = valueType;
        IsOptional = isOptional;
        AllowsNull = allowsNull;
        Default = defaultValue;
        Extras = [.. property.GetCustomAttributes<InputOptionAttribute>()];
        Choice = attribute as ChoiceAttribute;
        if (attribute is NumberAttribute number)
        {
            Minimum = Bound(number.Minimum);
            Maximum = Bound(number.Maximum);
        }
    }

    /// <summary>The name in workflows.</summary>
    public string Name { get; }

    /// <summary>The C# name.</summary>
    public string PropertyName => Property.Name;

    /// <summary>The socket type, which may be a union (<c>"INT,FLOAT"</c>); null for a choice in list form.</summary>
    public string? SocketType { get; }

    /// <summary>What the property holds per value: its type without the nullability, or a list's element type.</summary>
    public Type ValueType { get; }

    public bool IsOptional { get; }

    /// <summary>The property may be null, or is a widget that then keeps its initial value.</summary>
    public bool AllowsNull { get; }

    public bool IsLazy => Attribute.Lazy;

    public bool IsRawLink => Attribute.RawLink;

    /// <summary>The widget's default; null when there is none.</summary>
    public object? Default { get; }

    public ChoiceAttribute? Choice { get; }

    /// <summary>Long, ulong or double, like the input's own values; null when unbounded.</summary>
    public object? Minimum { get; }

    public object? Maximum { get; }

    internal PropertyInfo Property { get; }

    internal InputAttribute Attribute { get; }

    internal IReadOnlyList<InputOptionAttribute> Extras { get; }

    /// <summary>The options of a choice at this moment, as JSON values; null when this is no choice or its list is remote.</summary>
    public IReadOnlyList<JToken>? Options(IServiceProvider services)
    {
        if (Choice is null || Choice.Remote)
        {
            return null;
        }
        var options = Choice.Options;
        if (options is null)
        {
            var provider = (IChoiceProvider)Activator.CreateInstance(Choice.Provider!)!;
            options = [.. provider.Options(services, Choice.Argument)];
        }
        return [.. options.Select(JToken.FromObject)];
    }

    private object? Bound(object? bound) =>
        bound switch
        {
            null => null,
            _ when SocketType == "FLOAT" => Convert.ToDouble(bound, CultureInfo.InvariantCulture),
            double whole when SocketType == "INT" && double.IsInteger(whole) => (long)whole,
            _ => bound,
        };
}
