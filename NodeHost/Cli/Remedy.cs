namespace NodeHost.Cli;

/// <summary>What a user can do about a problem of validation, by ComfyUI's type of it.</summary>
internal static class Remedy
{
    public static string For(string problemType) =>
        problemType switch
        {
            "value_not_in_list" => "Choose one that there is; a missing model belongs into its folder under models/.",
            "required_input_missing" => "Connect it, or set it with --set.",
            "bad_linked_input" or "return_type_mismatch" => "Connect it to an output of the input's type.",
            "invalid_input_type" or "value_smaller_than_min" or "value_bigger_than_max" =>
                "Change it in the workflow, or with --set.",
            "exception_during_inner_validation" => "Link its inputs to nodes that the file has.",
            "invalid_prompt" => "Check the name; custom nodes in Python cannot be run here.",
            "prompt_no_outputs" => "Add a node that saves or shows something, such as SaveImage.",
            _ => "",
        };
}
