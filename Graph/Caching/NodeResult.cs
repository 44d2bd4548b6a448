using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Caching;

/// <summary>What a node gave: per output slot a list of values, and what it showed.</summary>
/// <remarks>Holding is counted per holder: whoever keeps a result retains its values and releases them afterwards.</remarks>
public sealed record NodeResult(IReadOnlyList<IReadOnlyList<object?>> Outputs, JObject? Ui)
{
    public void Retain(IValueLifetime lifetime)
    {
        foreach (var value in Values())
        {
            lifetime.Retain(value);
        }
    }

    public void Release(IValueLifetime lifetime)
    {
        foreach (var value in Values())
        {
            lifetime.Release(value);
        }
    }

    public long Bytes(IValueLifetime lifetime) =>
        Values().Distinct(ReferenceEqualityComparer.Instance).Sum(value => lifetime.Bytes(value!));

    private IEnumerable<object> Values() =>
        from slot in Outputs
        from value in slot
        where value is not null
        select value;
}
