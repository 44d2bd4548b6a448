namespace NodeHost.Graph.Values;

/// <summary>A constant that does not convert to its input's type; the message is the one Python would give.</summary>
internal sealed class PythonConversionException(string message) : Exception(message);
