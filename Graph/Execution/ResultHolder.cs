using NodeHost.Graph.Caching;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Execution;

/// <summary>Holds results while a run needs them: until their consumers have run, or the run ends.</summary>
internal sealed class ResultHolder(IResultCache cache, IValueLifetime lifetime, Signatures signatures) : IDisposable
{
    private readonly HashSet<RunNode> _holding = [];
    private readonly List<object> _kept = [];
    private readonly Lock _keptLock = new();
    private bool _isDisposed;

    /// <summary>Notes that a consumer uses a node's result; false when the result is not there yet.</summary>
    public bool TryUse(RunNode consumer, RunNode upstream)
    {
        if (consumer.Uses.Add(upstream))
        {
            upstream.UserCount++;
        }
        return upstream.Result is not null || TryTakeFromCache(upstream);
    }

    public bool TryTakeFromCache(RunNode node)
    {
        if (cache.Find(signatures.Of(node)) is not { } result)
        {
            return false;
        }
        result.Retain(lifetime);
        Hold(node, result);
        return true;
    }

    /// <summary>Takes over the holding of a new result, and offers it to the cache.</summary>
    public void Add(RunNode node, NodeResult result, string? owner)
    {
        Hold(node, result);
        cache.Store(signatures.Of(node), owner, result);
    }

    /// <summary>Keeps objects that no result contains, such as constants of an expansion.</summary>
    public void Keep(IEnumerable<object> values)
    {
        lock (_keptLock)
        {
            if (_isDisposed)
            {
                return;
            }
            foreach (var value in values)
            {
                lifetime.Retain(value);
                _kept.Add(value);
            }
        }
    }

    /// <summary>The node has run: what only it used can go.</summary>
    public void Completed(RunNode node)
    {
        foreach (var upstream in node.Uses)
        {
            upstream.UserCount--;
            DropIfUnused(upstream);
        }
        node.Uses.Clear();
        DropIfUnused(node);
    }

    public void Dispose()
    {
        foreach (var node in _holding)
        {
            node.Result!.Release(lifetime);
            node.Result = null;
        }
        _holding.Clear();
        lock (_keptLock)
        {
            _isDisposed = true;
            foreach (var value in _kept)
            {
                lifetime.Release(value);
            }
            _kept.Clear();
        }
    }

    private void Hold(RunNode node, NodeResult result)
    {
        if (_holding.Add(node))
        {
            node.Result = result;
        }
        else
        {
            result.Release(lifetime);
        }
    }

    private void DropIfUnused(RunNode node)
    {
        // Running an expanded node again would make nodes whose ids are taken.
        if (node.UserCount == 0 && !node.HasExpanded && _holding.Remove(node))
        {
            node.Result!.Release(lifetime);
            node.Result = null;
        }
    }
}
