namespace NodeHost.Graph.Contracts;

/// <summary>A choice from a fixed list, or from a list that an <see cref="IChoiceProvider"/> gives when asked.</summary>
/// <remarks>
/// V1 nodes write <c>[[...], {}]</c>, V3 nodes <c>["COMBO", {"options": [...]}]</c>. An initializer equal to the first
/// option is not written as a default unless <see cref="ShowDefault"/> is set: the canvas picks the first anyway.
/// </remarks>
public class ChoiceAttribute : InputAttribute
{
    public ChoiceAttribute(params object[] options)
    {
        Options = options;
    }

    public ChoiceAttribute(Type provider, string? argument = null)
    {
        Provider = provider;
        Argument = argument;
    }

    public IReadOnlyList<object>? Options { get; }

    /// <summary>A type with a parameterless constructor that implements <see cref="IChoiceProvider"/>.</summary>
    public Type? Provider { get; }

    /// <summary>Passed to the provider: a folder name, for example.</summary>
    public string? Argument { get; }

    /// <summary>Writes the default even where it is the first option.</summary>
    public bool ShowDefault { get; init; }

    /// <summary><c>image</c>, <c>audio</c>, <c>video</c> or <c>file</c>: writes <c>"image_upload": true</c> and so on.</summary>
    public string? Upload { get; init; }

    /// <summary>Several options may be picked (V3).</summary>
    public bool MultiSelect { get; init; }

    /// <summary>Writes the <c>["COMBO", {"options"}]</c> form in a V1 node.</summary>
    public bool AsCombo { get; init; }

    /// <summary>Writes no <c>options</c>: the canvas asks a route for them (see the <c>remote</c> option).</summary>
    public bool Remote { get; init; }
}
