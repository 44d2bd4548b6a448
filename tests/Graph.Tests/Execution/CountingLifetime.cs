using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Tests.Execution;

/// <summary>Counts holders of <see cref="Tracked"/> values.</summary>
internal sealed class CountingLifetime : IValueLifetime
{
    private readonly Dictionary<Tracked, int> _holders = new(ReferenceEqualityComparer.Instance);

    /// <summary>Values that somebody holds.</summary>
    public int Held => _holders.Values.Count(count => count > 0);

    public int MostHeld { get; private set; }

    public void Retain(object value)
    {
        if (value is Tracked tracked)
        {
            lock (_holders)
            {
                _holders[tracked] = _holders.GetValueOrDefault(tracked) + 1;
                MostHeld = Math.Max(MostHeld, Held);
            }
        }
    }

    public void Release(object value)
    {
        if (value is Tracked tracked)
        {
            lock (_holders)
            {
                var count = _holders.GetValueOrDefault(tracked) - 1;
                Assert.True(count >= 0, $"{tracked} was released more often than retained.");
                _holders[tracked] = count;
            }
        }
    }

    public long Bytes(object value) => value is Tracked ? 1_000_000 : 0;
}
