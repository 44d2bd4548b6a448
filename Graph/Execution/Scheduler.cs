namespace NodeHost.Graph.Execution;

/// <summary>Decides which node runs next.</summary>
/// <remarks>
/// Nodes are discovered backwards from the outputs with a last-in-first-out stack over inputs in prompt order; the order
/// of discovery breaks ties. Among the ready nodes the first of these is taken: an output or asynchronous node; one whose
/// consumer is an output; one two steps before an output; any.
/// </remarks>
/// <param name="graph">The running graph.</param>
/// <param name="tryUse">Notes that a consumer uses a node, and tells whether that node's result is there.</param>
internal sealed class Scheduler(RunGraph graph, Func<RunNode, RunNode, bool> tryUse)
{
    private readonly Dictionary<RunNode, Pending> _pending = [];
    private readonly SortedSet<Pending> _ready = new(Comparer<Pending>.Create(Compare));
    private int _discovered;
    private bool _edgesChanged;

    public bool IsEmpty => _pending.Count == 0;

    /// <summary>Adds a node and everything upstream that has no result yet.</summary>
    public void Add(RunNode root)
    {
        var open = new Stack<RunNode>([root]);
        var edges = new List<(RunNode Upstream, RunNode Consumer)>();
        while (open.TryPop(out var node))
        {
            if (_pending.ContainsKey(node))
            {
                continue;
            }
            var pending = new Pending(node, _discovered++);
            _pending.Add(node, pending);
            foreach (var (input, link) in node.Links)
            {
                if (node.Definition.FindInput(input)?.IsLazy == true)
                {
                    continue;
                }
                var upstream = graph.Get(link.NodeId);
                if (!tryUse(node, upstream))
                {
                    open.Push(upstream);
                    edges.Add((upstream, node));
                }
            }
            SetReady(pending);
        }
        foreach (var (upstream, consumer) in edges)
        {
            Connect(upstream, consumer);
        }
    }

    /// <summary>Lets a pending node wait for another one's result.</summary>
    public void Require(RunNode upstream, RunNode consumer)
    {
        if (!tryUse(consumer, upstream))
        {
            Add(upstream);
            Connect(upstream, consumer);
        }
    }

    /// <summary>Keeps a node from being taken while a task of its own is running.</summary>
    public void Suspend(RunNode node)
    {
        var pending = _pending[node];
        pending.IsSuspended = true;
        _ready.Remove(pending);
    }

    public void Resume(RunNode node)
    {
        var pending = _pending[node];
        pending.IsSuspended = false;
        SetReady(pending);
    }

    /// <summary>The next node to run, which stays pending until <see cref="Complete"/>; null when none is ready.</summary>
    public RunNode? Next()
    {
        if (_edgesChanged)
        {
            _edgesChanged = false;
            var ready = _ready.ToArray();
            _ready.Clear();
            foreach (var pending in ready)
            {
                SetReady(pending);
            }
        }
        return _ready.Min?.Node;
    }

    public void Complete(RunNode node)
    {
        if (!_pending.Remove(node, out var done))
        {
            return;
        }
        _ready.Remove(done);
        foreach (var consumer in done.Consumers)
        {
            if (consumer.Blockers.Remove(done))
            {
                SetReady(consumer);
            }
        }
    }

    /// <summary>Nodes that wait for each other, when nothing is ready any more.</summary>
    public IReadOnlyList<RunNode> FindCycle()
    {
        // Whoever waits for somebody leads, step by step, into the cycle.
        var current = _pending.Values.OrderBy(pending => pending.Order).First(pending => pending.Blockers.Count > 0);
        var path = new List<Pending>();
        var places = new Dictionary<Pending, int>();
        while (places.TryAdd(current, path.Count))
        {
            path.Add(current);
            current = current.Blockers.MinBy(blocker => blocker.Order)!;
        }
        return [.. path.Skip(places[current]).Select(pending => pending.Node)];
    }

    private static int Compare(Pending first, Pending second)
    {
        var byRank = first.Rank.CompareTo(second.Rank);
        return byRank != 0 ? byRank : first.Order.CompareTo(second.Order);
    }

    private void Connect(RunNode upstream, RunNode consumer)
    {
        var (blocker, blocked) = (_pending[upstream], _pending[consumer]);
        if (blocked.Blockers.Add(blocker))
        {
            blocker.Consumers.Add(blocked);
            _ready.Remove(blocked);
            _edgesChanged = true;
        }
    }

    private void SetReady(Pending pending)
    {
        if (pending.Blockers.Count == 0 && !pending.IsSuspended)
        {
            _ready.Remove(pending);
            pending.Rank = Rank(pending);
            _ready.Add(pending);
        }
    }

    private static int Rank(Pending pending)
    {
        if (pending.Node.Definition.IsOutputNode || pending.Node.Definition.IsAsync)
        {
            return 0;
        }
        if (pending.Consumers.Any(consumer => consumer.Node.Definition.IsOutputNode))
        {
            return 1;
        }
        return pending.Consumers.Any(consumer =>
            consumer.Consumers.Any(further => further.Node.Definition.IsOutputNode)
        )
            ? 2
            : 3;
    }

    private sealed class Pending(RunNode node, int order)
    {
        public RunNode Node { get; } = node;

        public int Order { get; } = order;

        public HashSet<Pending> Blockers { get; } = [];

        public List<Pending> Consumers { get; } = [];

        public bool IsSuspended { get; set; }

        public int Rank { get; set; }
    }
}
