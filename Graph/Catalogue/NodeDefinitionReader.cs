using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Catalogue;

/// <summary>Reads a node class by reflection, when the node is first asked for.</summary>
internal sealed class NodeDefinitionReader(
    Type type,
    NodeAttribute attribute,
    SocketTypes sockets,
    string? module = null
)
{
    private readonly NullabilityInfoContext _nullability = new();

    public NodeDefinition Read()
    {
        var (outputType, isAsync) = FindContract();
        var outputs = new OutputReader(type, outputType, isAsync, sockets).Read();
        var sample = CreateSample();
        var inputs = new List<InputDefinition>();
        var hidden = new List<HiddenDefinition>();
        // The compiler emits members in source order, so the metadata token is the declaration order. A line number
        // captured by the attributes cannot serve: the params list of [Choice] leaves no room for one.
        foreach (
            var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .OrderBy(property => property.MetadataToken)
        )
        {
            if (property.GetCustomAttribute<NumberGroupAttribute>() is { } group)
            {
                inputs.AddRange(ReadGroup(property, group));
            }
            else if (property.GetCustomAttribute<InputAttribute>() is { } input)
            {
                inputs.Add(ReadInput(property, input, sample));
            }
            else if (property.GetCustomAttribute<HiddenAttribute>() is { } hide)
            {
                hidden.Add(new(property, hide.Name ?? Snake(property.Name), hide.Kind));
            }
        }
        RejectDuplicates([.. inputs.Select(input => input.Name), .. hidden.Select(input => input.Name)]);
        return new(
            type,
            attribute,
            inputs,
            hidden,
            outputs.Outputs,
            outputs.Tooltips,
            NodeInvoker.For(outputType, isAsync)
        )
        {
            Module = module ?? attribute.Module,
        };
    }

    private (Type OutputType, bool IsAsync) FindContract()
    {
        var contracts = type.GetInterfaces()
            .Where(candidate =>
                candidate.IsGenericType
                && (
                    candidate.GetGenericTypeDefinition() == typeof(INode<>)
                    || candidate.GetGenericTypeDefinition() == typeof(IAsyncNode<>)
                )
            )
            .ToArray();
        return contracts.Length == 1
            ? (contracts[0].GetGenericArguments()[0], contracts[0].GetGenericTypeDefinition() == typeof(IAsyncNode<>))
            : throw Broken(
                $"expected one of INode<T> and IAsyncNode<T>, found {contracts.Length}. Implement exactly one."
            );
    }

    private object CreateSample()
    {
        try
        {
            return Activator.CreateInstance(type)
                ?? throw Broken("cannot be created. Give it a public constructor without parameters.");
        }
        catch (Exception error) when (error is MissingMethodException or TargetInvocationException)
        {
            throw new NodeDefinitionException(
                $"Node {attribute.WireName} ({type.FullName}): cannot be created: {(error.InnerException ?? error).Message}. "
                    + "Give it a public constructor without parameters and initializers that do not fail.",
                error
            );
        }
    }

    private InputDefinition ReadInput(PropertyInfo property, InputAttribute input, object sample)
    {
        if (!property.CanWrite)
        {
            throw Broken($"input {property.Name} cannot be set. Declare it {{ get; init; }}.");
        }
        var valueType = ValueType(property);
        var isNullable = IsNullable(property);
        var hasDefault = property.GetCustomAttribute<RequiredMemberAttribute>() is null && !isNullable;
        return new(
            property,
            input,
            input.Name ?? Snake(property.Name),
            SocketType(property, input, valueType),
            valueType,
            input.Optional || (isNullable && !input.Lazy),
            isNullable || property.PropertyType.IsValueType,
            hasDefault || input.Optional ? FirstOfList(property.GetValue(sample)) : null
        );
    }

    private IEnumerable<InputDefinition> ReadGroup(PropertyInfo property, NumberGroupAttribute group)
    {
        if (property.PropertyType != typeof(OrderedDictionary<string, double>) || attribute.InputIsList)
        {
            throw Broken(
                $"input {property.Name}: expected OrderedDictionary<string, double> in a node without InputIsList, found {property.PropertyType.Name}."
            );
        }
        return group.WireNames.Select(name => new InputDefinition(
            property,
            group,
            name,
            sockets.Find(typeof(double)),
            typeof(double),
            group.Optional,
            allowsNull: false,
            group.Default
        ));
    }

    private Type ValueType(PropertyInfo property)
    {
        var held = property.PropertyType;
        if (attribute.InputIsList)
        {
            held =
                ListElement(held)
                ?? throw Broken(
                    $"input {property.Name}: expected IReadOnlyList<T> because the node has InputIsList, found {held.Name}."
                );
        }
        return Nullable.GetUnderlyingType(held) ?? held;
    }

    private string? SocketType(PropertyInfo property, InputAttribute input, Type valueType)
    {
        if (input.Type is not null)
        {
            return input.Type;
        }
        if (input is ChoiceAttribute choice)
        {
            return attribute.Schema == NodeSchema.V3 || choice.AsCombo || choice.Remote ? "COMBO" : null;
        }
        return sockets.Find(valueType)
            ?? throw Broken(
                $"input {property.Name}: the C# type {valueType.Name} has no socket type. "
                    + "Register it in SocketTypes, or give the input Type = \"...\"."
            );
    }

    private bool IsNullable(PropertyInfo property) =>
        property.PropertyType.IsValueType
            ? Nullable.GetUnderlyingType(property.PropertyType) is not null
            : _nullability.Create(property).WriteState == NullabilityState.Nullable;

    private object? FirstOfList(object? value) =>
        attribute.InputIsList && value is System.Collections.IEnumerable list
            ? list.Cast<object?>().FirstOrDefault()
            : value;

    private void RejectDuplicates(IReadOnlyCollection<string> names)
    {
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw Broken($"input name '{twice.Key}' is used twice. Give one of them Name = \"...\".");
        }
    }

    internal static Type? ListElement(Type candidate) =>
        candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            ? candidate.GetGenericArguments()[0]
            : null;

    internal static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private NodeDefinitionException Broken(string problem) =>
        new($"Node {attribute.WireName} ({type.FullName}): {problem}");
}
