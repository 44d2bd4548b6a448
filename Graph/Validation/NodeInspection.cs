using System.Diagnostics.CodeAnalysis;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Contracts;
using NodeHost.Graph.Values;

namespace NodeHost.Graph.Validation;

/// <summary>The inspection of one node, which can pause at a link until the node behind it has been inspected.</summary>
internal sealed class NodeInspection(
    string nodeId,
    NodeDefinition definition,
    JToken? inputs,
    JObject prompt,
    NodeCatalogue catalogue,
    IServiceProvider services
)
{
    private readonly ValidationRules _rules = definition.ValidationRules;
    private readonly Dictionary<string, string> _linkedTypes = [];
    private readonly List<PromptError> _errors = [];
    private int _next;
    private InputDefinition? _pendingInput;
    private JArray? _pendingLink;

    public string NodeId => nodeId;

    public string ClassType => definition.ClassType;

    public bool IsValid { get; private set; } = true;

    public IReadOnlyList<PromptError> Errors => _errors;

    public ReferenceFault? Fault { get; private set; }

    /// <summary>Goes on with the inputs. Returns the id of a node that has to be inspected first, or null at the end.</summary>
    public string? Advance()
    {
        _pendingInput = null;
        if (inputs is not JObject members)
        {
            Fault = inputs is null
                ? new("KeyError", "'inputs'", Explain("has no 'inputs'. Add an object, empty if need be."))
                : new("TypeError", "'inputs' must be an object", Explain("has 'inputs' that are not an object."));
            return null;
        }
        while (_next < definition.ConnectableInputs.Count && Fault is null)
        {
            var input = definition.ConnectableInputs[_next++];
            if (members[input.Name] is not { } value)
            {
                if (!input.IsOptional)
                {
                    Add(InputErrors.RequiredInputMissing(input));
                }
            }
            else if (value is JArray link)
            {
                if (InspectLink(input, link))
                {
                    _pendingInput = input;
                    _pendingLink = link;
                    return (string)((JValue)link[0]).Value!;
                }
            }
            else
            {
                InspectConstant(members, input, value);
            }
        }
        return null;
    }

    /// <summary>Tells what came of the node that <see cref="Advance"/> asked for.</summary>
    public void UpstreamDone(bool isValid) => IsValid &= isValid;

    /// <summary>The error to file under the upstream node when its inspection broke off.</summary>
    public PromptError DescribeUpstreamFault(ReferenceFault fault) =>
        InputErrors.InnerFault(_pendingInput!, Config(_pendingInput!), _pendingLink!, fault);

    /// <summary>Runs the node's own validation. Whatever it throws is a fault of this node, not of the server.</summary>
    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "A node's validation is foreign code; its failure is a finding."
    )]
    public async Task RunOwnValidationAsync()
    {
        if (!_rules.HasOwn || Fault is not null)
        {
            return;
        }
        try
        {
            var members = (JObject)inputs!;
            var received = definition
                .ConnectableInputs.Where(input => members.ContainsKey(input.Name) && _rules.Covers(input.Name))
                .ToArray();
            var node = definition.Create();
            foreach (var input in received)
            {
                BindConstant(node, input, members[input.Name]!);
            }
            var context = new ValidationContext(nodeId, _linkedTypes, services);
            var verdict = node is IValidatedNode own
                ? own.Validate(context)
                : await ((IAsyncValidatedNode)node).ValidateAsync(context).ConfigureAwait(false);
            if (!verdict.IsAccepted)
            {
                AddVerdict(received, verdict);
            }
        }
        catch (Exception error)
        {
            Fault = new(error.GetType().Name, error.Message, Explain($"failed in its own validation: {error}"));
        }
    }

    private void BindConstant(INode node, InputDefinition input, JToken value)
    {
        if (value is JArray || _errors.Any(error => (string?)error.ExtraInfo["input_name"] == input.Name))
        {
            // Linked inputs arrive as null; what could not be converted cannot be handed over either.
            return;
        }
        if (definition.Attribute.InputIsList)
        {
            InputBinder.BindList(node, input, [value]);
        }
        else
        {
            InputBinder.Bind(node, input, value);
        }
    }

    private void AddVerdict(InputDefinition[] received, ValidationVerdict verdict)
    {
        // As the reference: the failure is blamed on every input that the check received.
        foreach (var input in received)
        {
            Add(InputErrors.CustomValidationFailed(input.Name, verdict.Reason));
        }
        if (_rules.TakesTypes && received.Length == 0)
        {
            Add(InputErrors.CustomValidationFailed("input_types", verdict.Reason));
        }
    }

    /// <summary>Checks a link; true when the node behind it is the next to inspect.</summary>
    private bool InspectLink(InputDefinition input, JArray link)
    {
        if (link.Count != 2)
        {
            Add(InputErrors.BadLink(input, Config(input), link));
            return false;
        }
        if (FindUpstream(input, link) is not { } received)
        {
            return false;
        }
        _linkedTypes[input.Name] = received;
        if (!_rules.TakesTypes && !SocketsMatch(received, input))
        {
            Add(InputErrors.TypeMismatch(input, Config(input), received, link));
            return false;
        }
        return true;
    }

    private string? FindUpstream(InputDefinition input, JArray link)
    {
        if (link[0] is not JValue { Value: string upstreamId } || prompt[upstreamId] is not JObject upstream)
        {
            Fault =
                link[0] is JContainer
                    ? new(
                        "TypeError",
                        $"unhashable type: '{PythonConversion.TypeName(link[0])}'",
                        ExplainLink(input, link)
                    )
                    : new("KeyError", PythonText.Repr(link[0]), ExplainLink(input, link));
            return null;
        }
        var upstreamDefinition = catalogue.Find((string)upstream["class_type"]!)!;
        var outputs = upstreamDefinition.Outputs;
        var sequence = upstreamDefinition.Attribute.Schema == NodeSchema.V3 ? "list" : "tuple";
        if (link[1] is not JValue { Type: JTokenType.Integer or JTokenType.Boolean } slotValue)
        {
            Fault = new(
                "TypeError",
                $"{sequence} indices must be integers or slices, not {PythonConversion.TypeName(link[1])}",
                ExplainLink(input, link)
            );
            return null;
        }
        var isInRange =
            slotValue.Value is not System.Numerics.BigInteger
            && slotValue.Value<long>() is var slot
            && slot >= 0
            && slot < outputs.Count;
        if (!isInRange)
        {
            Fault = new("IndexError", $"{sequence} index out of range", ExplainLink(input, link));
            return null;
        }
        return outputs[slotValue.Value<int>()].Type;
    }

    private static bool SocketsMatch(string received, InputDefinition input)
    {
        if (input.SocketType is not { } expected)
        {
            // A choice in list form: the reference wants an output that is the same list, and no node has one.
            return received == SocketTypes.Any;
        }
        if (received == expected || received == SocketTypes.Any || expected == SocketTypes.Any)
        {
            return true;
        }
        const StringSplitOptions Trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        return received.Split(',', Trimmed).Intersect(expected.Split(',', Trimmed)).Any();
    }

    private void InspectConstant(JObject members, InputDefinition input, JToken value)
    {
        if (value is JObject wrapped && wrapped["__value__"] is { } unwrapped)
        {
            members[input.Name] = value = unwrapped.DeepClone();
        }
        try
        {
            var converted = PythonConversion.To(input.SocketType, value);
            if (!ReferenceEquals(converted, value))
            {
                members[input.Name] = value = converted;
            }
        }
        catch (PythonConversionException error)
        {
            Add(InputErrors.NotConvertible(input, Config(input), value, error.Message));
            return;
        }
        if (!_rules.Covers(input.Name))
        {
            InspectBounds(input, value);
        }
    }

    private void InspectBounds(InputDefinition input, JToken value)
    {
        foreach (var bound in (ReadOnlySpan<object?>)[input.Minimum, input.Maximum])
        {
            if (bound is not null && PythonComparison.Compare(value, bound) is null)
            {
                var operation = ReferenceEquals(bound, input.Minimum) ? "<" : ">";
                var boundType = bound is double ? "float" : "int";
                Fault = new(
                    "TypeError",
                    $"'{operation}' not supported between instances of '{PythonConversion.TypeName(value)}' and '{boundType}'",
                    Explain($"input '{input.Name}': expected a number, got {PythonText.Repr(value)}.")
                );
                return;
            }
        }
        if (input.Minimum is { } minimum && PythonComparison.Compare(value, minimum) < 0)
        {
            Add(InputErrors.TooSmall(input, Config(input), value));
        }
        else if (input.Maximum is { } maximum && PythonComparison.Compare(value, maximum) > 0)
        {
            Add(InputErrors.TooBig(input, Config(input), value));
        }
        else if (input.Choice is { MultiSelect: false } && input.Options(services) is { } options)
        {
            if (!options.Any(option => PythonComparison.AreEqual(option, value)))
            {
                Add(InputErrors.NotInList(input, Config(input), value, options));
            }
        }
    }

    private void Add(PromptError error)
    {
        _errors.Add(error);
        IsValid = false;
    }

    private JArray Config(InputDefinition input) =>
        InputConfigWriter.Config(input, definition.Attribute.Schema, services);

    private string Explain(string problem) => $"{ClassType} #{nodeId} {problem}";

    private string ExplainLink(InputDefinition input, JArray link) =>
        Explain(
            $"input '{input.Name}': expected [node id, output number] of a node in this prompt, got {PythonText.Repr(link)}. "
                + "Connect it to an output that exists."
        );
}
