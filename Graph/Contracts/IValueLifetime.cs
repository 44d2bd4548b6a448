namespace NodeHost.Graph.Contracts;

/// <summary>Counts the holders of values that own memory outside .NET. Graph calls it and knows no tensor.</summary>
/// <remarks>A value comes out of <c>Execute</c> held by nobody: the executor retains it while the <see cref="INodeScope"/> is still open, and releases it when its consumers have run and no cache keeps it.</remarks>
public interface IValueLifetime
{
    void Retain(object value);

    void Release(object value);

    /// <summary>Memory that would be given back if nobody held the value.</summary>
    long Bytes(object value);
}
