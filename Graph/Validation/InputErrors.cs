using Newtonsoft.Json.Linq;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Values;

namespace NodeHost.Graph.Validation;

/// <summary>The problems an input can have, with ComfyUI's types and words.</summary>
internal static class InputErrors
{
    public static PromptError RequiredInputMissing(InputDefinition input) =>
        new("required_input_missing", "Required input is missing", input.Name, About(input));

    public static PromptError BadLink(InputDefinition input, JArray config, JToken received) =>
        new(
            "bad_linked_input",
            "Bad linked input, must be a length-2 list of [node_id, slot_index]",
            input.Name,
            About(input, config, received)
        );

    public static PromptError TypeMismatch(InputDefinition input, JArray config, string received, JToken link) =>
        new(
            "return_type_mismatch",
            "Return type mismatch between linked nodes",
            $"{input.Name}, received_type({received}) mismatch input_type({PythonText.Str(config[0])})",
            new()
            {
                ["input_name"] = input.Name,
                ["input_config"] = config,
                ["received_type"] = received,
                ["linked_node"] = link.DeepClone(),
            }
        );

    public static PromptError NotConvertible(InputDefinition input, JArray config, JToken received, string exception)
    {
        var info = About(input, config, received);
        info["exception_message"] = exception;
        return new(
            "invalid_input_type",
            $"Failed to convert an input value to a {input.SocketType} value",
            $"{input.Name}, {PythonText.Str(received)}, {exception}",
            info
        );
    }

    public static PromptError TooSmall(InputDefinition input, JArray config, JToken received) =>
        new(
            "value_smaller_than_min",
            $"Value {PythonText.Str(received)} smaller than min of {PythonText.Str(config[1]["min"])}",
            input.Name,
            About(input, config, received)
        );

    public static PromptError TooBig(InputDefinition input, JArray config, JToken received) =>
        new(
            "value_bigger_than_max",
            $"Value {PythonText.Str(received)} bigger than max of {PythonText.Str(config[1]["max"])}",
            input.Name,
            About(input, config, received)
        );

    public static PromptError NotInList(
        InputDefinition input,
        JArray config,
        JToken received,
        IReadOnlyList<JToken> options
    )
    {
        const int LongList = 20;
        var isLong = options.Count > LongList;
        var list = isLong ? $"(list of length {options.Count})" : PythonText.Repr(new JArray(options));
        var info = About(input, config, received);
        if (isLong)
        {
            info["input_config"] = null;
        }
        return new(
            "value_not_in_list",
            "Value not in list",
            $"{input.Name}: '{PythonText.Str(received)}' not in {list}",
            info
        );
    }

    public static PromptError CustomValidationFailed(string inputName, string? reason) =>
        new(
            "custom_validation_failed",
            "Custom validation failed for node",
            reason is null ? inputName : $"{inputName} - {reason}",
            new() { ["input_name"] = inputName }
        );

    public static PromptError InnerFault(InputDefinition input, JArray config, JToken link, ReferenceFault fault) =>
        new(
            "exception_during_inner_validation",
            "Exception when validating inner node",
            fault.Message,
            new()
            {
                ["input_name"] = input.Name,
                ["input_config"] = config,
                ["exception_message"] = fault.Message,
                ["exception_type"] = fault.ExceptionType,
                ["traceback"] = new JArray(fault.Explanation),
                ["linked_node"] = link.DeepClone(),
            }
        );

    public static PromptError Fault(ReferenceFault fault) =>
        new(
            "exception_during_validation",
            "Exception when validating node",
            fault.Message,
            new() { ["exception_type"] = fault.ExceptionType, ["traceback"] = new JArray(fault.Explanation) }
        );

    private static JObject About(InputDefinition input) => new() { ["input_name"] = input.Name };

    private static JObject About(InputDefinition input, JArray config, JToken received) =>
        new()
        {
            ["input_name"] = input.Name,
            ["input_config"] = config,
            ["received_value"] = received.DeepClone(),
        };
}
