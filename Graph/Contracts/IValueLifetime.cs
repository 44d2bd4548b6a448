namespace NodeHost.Graph.Contracts;

/// <summary>Counts the holders of values that own memory outside .NET. Graph calls it and knows no tensor.</summary>
/// <remarks>A value comes out of <c>Execute</c> held once by nobody: the executor retains it at once and releases it at the end.</remarks>
public interface IValueLifetime
{
    void Retain(object value);

    void Release(object value);

    /// <summary>Memory that would be given back if nobody held the value.</summary>
    long Bytes(object value);
}
