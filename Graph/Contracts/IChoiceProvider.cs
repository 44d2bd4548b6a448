namespace NodeHost.Graph.Contracts;

/// <summary>Lists the options of a <see cref="ChoiceAttribute"/> at the moment they are asked for: strings or numbers.</summary>
public interface IChoiceProvider
{
    IEnumerable<object> Options(IServiceProvider services, string? argument);
}
