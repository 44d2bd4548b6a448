using System.Collections;
using System.Globalization;
using System.Numerics;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Catalogue;

/// <summary>Sets the properties of a node instance from the values of a run.</summary>
internal static class InputBinder
{
    /// <summary>Sets one input. Null leaves a property that cannot hold null at its initial value.</summary>
    public static void Bind(object node, InputDefinition input, object? value)
    {
        var isGrouped = input.Attribute is NumberGroupAttribute;
        var converted = Convert(value, isGrouped ? typeof(double) : input.Property.PropertyType, input);
        if (converted is null && !input.AllowsNull)
        {
            throw new InputBindingException(
                $"input '{input.Name}': expected {input.SocketType ?? "a choice"}, got nothing (null). Connect it or give a value."
            );
        }
        if (isGrouped)
        {
            ((OrderedDictionary<string, double>)input.Property.GetValue(node)!)[input.Name] = (double)converted!;
        }
        else if (
            converted is not null
            || !input.Property.PropertyType.IsValueType
            || IsNullable(input.Property.PropertyType)
        )
        {
            input.Property.SetValue(node, converted);
        }
    }

    /// <summary>Sets an input of a node that takes whole lists.</summary>
    public static void BindList(object node, InputDefinition input, IReadOnlyList<object?> values)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(ElementType(input)))!;
        foreach (var value in values)
        {
            list.Add(Convert(value, ElementType(input), input));
        }
        input.Property.SetValue(node, list);
    }

    /// <summary>JSON constants as plain values; arrays and objects stay JSON.</summary>
    public static object? Plain(object? value) => value is JValue { Value: var plain } ? plain : value;

    private static Type ElementType(InputDefinition input) => input.Property.PropertyType.GetGenericArguments()[0];

    private static bool IsNullable(Type type) => Nullable.GetUnderlyingType(type) is not null;

    private static object? Convert(object? value, Type target, InputDefinition input)
    {
        value = Plain(value);
        target = Nullable.GetUnderlyingType(target) ?? target;
        if (value is null || target.IsInstanceOfType(value))
        {
            return value;
        }
        if (target == typeof(bool) && Real(value) is { } truth)
        {
            return truth != 0;
        }
        if ((target == typeof(double) || target == typeof(float)) && Real(value) is { } real)
        {
            return System.Convert.ChangeType(real, target, CultureInfo.InvariantCulture);
        }
        return Whole(value) is { } whole && ToInteger(whole, target, input) is { } integer
            ? integer
            : throw new InputBindingException(
                $"input '{input.Name}': expected {input.SocketType ?? "a choice"} ({target.Name}), got {value.GetType().Name}."
            );
    }

    private static object? ToInteger(BigInteger whole, Type target, InputDefinition input)
    {
        try
        {
            return Type.GetTypeCode(target) switch
            {
                TypeCode.Int32 => checked((int)(decimal)whole),
                TypeCode.Int64 => checked((long)(decimal)whole),
                TypeCode.UInt64 => checked((ulong)(decimal)whole),
                _ => null,
            };
        }
        catch (OverflowException error)
        {
            throw new InputBindingException(
                $"input '{input.Name}': {whole} does not fit; this node takes whole numbers of type {target.Name}. Choose a smaller one.",
                error
            );
        }
    }

    private static BigInteger? Whole(object value) =>
        value switch
        {
            bool flag => flag ? 1 : 0,
            int whole => whole,
            long whole => whole,
            ulong whole => whole,
            BigInteger whole => whole,
            double real when double.IsFinite(real) => new BigInteger(real),
            float real when float.IsFinite(real) => new BigInteger(real),
            _ => null,
        };

    private static double? Real(object value) =>
        value switch
        {
            double real => real,
            float real => real,
            _ => Whole(value) is { } whole ? (double)whole : null,
        };
}
