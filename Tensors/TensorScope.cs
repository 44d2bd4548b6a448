namespace NodeHost.Tensors;

/// <summary>
/// Frees, at its end, every tensor created on this thread since it was opened, except what was kept or retained.
/// </summary>
/// <remarks>
/// Scopes nest and belong to one thread: they do not cross <c>await</c>. Their tensors may be used, and disposed, on any
/// thread; whoever needs one beyond the scope's end calls <see cref="Keep"/> or <see cref="Tensor.Retain"/> before it.
/// </remarks>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? _current;

    private readonly TensorScope? _outer;
    private readonly bool _tracks;
    private readonly List<Tensor> _tensors = [];
    private List<Action>? _endings;
    private bool _disposed;

    public TensorScope()
        : this(tracks: true) { }

    private TensorScope(bool tracks)
    {
        _tracks = tracks;
        _outer = _current;
        _current = this;
    }

    /// <summary>Tensors created until the returned scope ends are owned by nobody but the code that creates them.</summary>
    public static TensorScope Suspend() => new(tracks: false);

    /// <summary>Runs an action when the thread's outermost scope has ended; false, and nothing, where no scope is open.</summary>
    public static bool TryAtOutermostEnd(Action action)
    {
        var scope = _current;
        if (scope is null)
        {
            return false;
        }
        while (scope._outer is { } outer)
        {
            scope = outer;
        }
        (scope._endings ??= []).Add(action);
        return true;
    }

    /// <summary>Hands a tensor to the enclosing scope (to the caller, where there is none), so that it outlives this one.</summary>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Scope == this)
        {
            _outer.Adopt(tensor);
        }
        return tensor;
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        if (_current != this)
        {
            throw new InvalidOperationException(
                "TensorScope: scopes end on their own thread, innermost first. Dispose the inner scope before this one, and do not await inside it."
            );
        }
        _disposed = true;
        _current = _outer;
        foreach (var tensor in _tensors)
        {
            if (tensor.Scope == this)
            {
                tensor.Dispose();
            }
        }
        _tensors.Clear();
        foreach (var ending in _endings ?? [])
        {
            ending();
        }
    }

    internal static void Track(Tensor tensor) => _current.Adopt(tensor);

    internal void Add(Tensor tensor)
    {
        tensor.Scope = this;
        _tensors.Add(tensor);
    }

    internal bool Tracks => _tracks;
}

/// <summary>Adoption by a scope that may be absent or suspended.</summary>
internal static class TensorScopeAdoption
{
    public static void Adopt(this TensorScope? scope, Tensor tensor)
    {
        if (scope is { Tracks: true })
        {
            scope.Add(tensor);
        }
        else
        {
            tensor.Scope = null;
        }
    }
}
