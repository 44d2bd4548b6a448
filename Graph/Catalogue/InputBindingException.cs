namespace NodeHost.Graph.Catalogue;

/// <summary>A value that the property of an input cannot hold; the message says expected and given.</summary>
public sealed class InputBindingException : Exception
{
    public InputBindingException(string message)
        : base(message) { }

    public InputBindingException(string message, Exception innerException)
        : base(message, innerException) { }

    public InputBindingException() { }
}
