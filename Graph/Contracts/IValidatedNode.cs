namespace NodeHost.Graph.Contracts;

/// <summary>A node that checks its own inputs before a prompt is accepted (ComfyUI's <c>VALIDATE_INPUTS</c>).</summary>
/// <remarks>
/// <see cref="ValidatesAttribute"/> names the inputs it checks; for those the server's own bounds and list checks are
/// skipped. Linked inputs are null whatever their type says.
/// </remarks>
public interface IValidatedNode
{
    ValidationVerdict Validate(ValidationContext context);
}
