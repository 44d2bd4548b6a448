using System.Reflection;
using System.Runtime.CompilerServices;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Catalogue;

/// <summary>Derives a node's output slots from what its Execute returns and from its [Output] attributes.</summary>
internal sealed class OutputReader(Type type, Type outputType, bool isAsync, SocketTypes sockets)
{
    public (IReadOnlyList<OutputDefinition> Outputs, IReadOnlyList<string?> Tooltips) Read()
    {
        var declared = type.GetCustomAttributes<OutputAttribute>().ToDictionary(output => output.Slot);
        var returned = outputType;
        if (returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(NodeOutput<>))
        {
            returned = returned.GetGenericArguments()[0];
        }
        IReadOnlyList<Type?> slots =
            returned == typeof(UiOutput) || returned == typeof(ValueTuple) ? []
            : returned == typeof(object[]) ? new Type?[declared.Count]
            : IsTuple(returned) ? TupleElements(returned)
            : [returned];
        var names = TupleNames();
        var outputs = slots
            .Select(
                (slot, index) =>
                    ReadSlot(slot, declared.GetValueOrDefault(index), names?.ElementAtOrDefault(index), index)
            )
            .ToArray();
        var tooltipCount = declared.Values.Any(output => output.Tooltip is not null)
            ? Math.Max(outputs.Length, declared.Keys.Max() + 1)
            : outputs.Length;
        return (
            outputs,
            [.. Enumerable.Range(0, tooltipCount).Select(slot => declared.GetValueOrDefault(slot)?.Tooltip)]
        );
    }

    private OutputDefinition ReadSlot(Type? slot, OutputAttribute? declared, string? tupleName, int index)
    {
        if (slot is { IsGenericType: true } && slot.GetGenericTypeDefinition() == typeof(Slot<>))
        {
            slot = slot.GetGenericArguments()[0];
        }
        slot = slot is null ? null : Nullable.GetUnderlyingType(slot) ?? slot;
        var isList = declared?.IsList ?? false;
        var socket = declared?.Type ?? (slot is null ? null : sockets.Find(slot));
        if (socket is null && slot is not null && NodeDefinitionReader.ListElement(slot) is { } element)
        {
            socket = sockets.Find(element);
            isList = true;
        }
        if (socket is null)
        {
            throw new NodeDefinitionException(
                $"Node class {type.FullName}, output {index}: the C# type {slot?.Name ?? "object"} has no socket type. "
                    + $"Register it in SocketTypes, or add [Output({index}, Type = \"...\")]."
            );
        }
        return new(declared?.Name ?? WireName(tupleName, socket), socket, isList);
    }

    private static string WireName(string? tupleName, string socket) =>
        tupleName is null
        || tupleName.Equals(socket.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)
            ? socket
            : NodeDefinitionReader.Snake(tupleName);

    private IList<string?>? TupleNames()
    {
        var contract = (isAsync ? typeof(IAsyncNode<>) : typeof(INode<>)).MakeGenericType(outputType);
        var method = type.GetInterfaceMap(contract).TargetMethods[0];
        return method.ReturnParameter.GetCustomAttribute<TupleElementNamesAttribute>()?.TransformNames;
    }

    private static bool IsTuple(Type candidate) =>
        candidate.IsValueType && candidate.IsGenericType && candidate.IsAssignableTo(typeof(ITuple));

    private static List<Type?> TupleElements(Type tuple)
    {
        var elements = new List<Type?>();
        while (true)
        {
            var arguments = tuple.GetGenericArguments();
            if (arguments.Length < 8)
            {
                elements.AddRange(arguments);
                return elements;
            }
            elements.AddRange(arguments[..7]);
            tuple = arguments[7];
        }
    }
}
