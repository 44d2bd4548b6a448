namespace NodeHost.Diffusion.Models;

/// <summary>What hooks remember during one sampling run, each under itself; disposed at the run's end.</summary>
public sealed class RunMemory : IDisposable
{
    private readonly Dictionary<object, IDisposable> _states = new(ReferenceEqualityComparer.Instance);

    /// <summary>What <paramref name="owner"/> remembers, made when it is first asked for.</summary>
    public TState Of<TState>(object owner, Func<TState> create)
        where TState : IDisposable
    {
        ArgumentNullException.ThrowIfNull(create);
        if (!_states.TryGetValue(owner, out var state))
        {
            _states[owner] = state = create();
        }
        return (TState)state;
    }

    public void Dispose()
    {
        foreach (var state in _states.Values)
        {
            state.Dispose();
        }
        _states.Clear();
    }
}
