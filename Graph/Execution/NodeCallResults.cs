using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Execution;

/// <summary>The results of all calls of a node. It holds their values until they are taken over or given up.</summary>
internal sealed class NodeCallResults(int count, IValueLifetime lifetime)
{
    private readonly NodeCallResult?[] _calls = new NodeCallResult?[count];
    private readonly Lock _lock = new();
    private bool _isClosed;

    public IReadOnlyList<NodeCallResult> Calls => [.. _calls.Select(call => call!)];

    public bool HasExpansion => _calls.Any(call => call?.Expansion is not null);

    /// <summary>Takes a result and holds it. After <see cref="GiveUp"/> nobody wants it any more.</summary>
    public void Set(int index, NodeCallResult call)
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                foreach (var value in call.Values())
                {
                    lifetime.Retain(value);
                }
                _calls[index] = call;
            }
        }
    }

    /// <summary>Lets go of everything; late results of abandoned tasks are not held at all.</summary>
    public void GiveUp()
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                _isClosed = true;
                foreach (var value in _calls.Where(call => call is not null).SelectMany(call => call!.Values()))
                {
                    lifetime.Release(value);
                }
            }
        }
    }

    /// <summary>The holding has passed to somebody else.</summary>
    public void TakenOver() => _isClosed = true;

    /// <summary>Displays of all calls: the names of the first, values in call order. Null when nothing is shown.</summary>
    public JObject? MergeUi()
    {
        UiOutput? merged = null;
        foreach (var ui in _calls.Select(call => call!.Ui).Where(ui => ui is not null))
        {
            if (merged is null)
            {
                merged = new UiOutput();
                foreach (var (name, values) in ui!.Entries)
                {
                    merged.Add(name, values);
                }
                continue;
            }
            var names = merged.Entries.Select(entry => entry.Key).ToHashSet();
            foreach (var (name, values) in ui!.Entries.Where(entry => names.Contains(entry.Key)))
            {
                merged.Add(name, values);
            }
        }
        return merged is null or { IsEmpty: true } ? null : merged.ToJson();
    }
}
