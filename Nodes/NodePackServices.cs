namespace NodeHost.Nodes;

/// <summary>The services of one host by type; it owns them and disposes them in reverse order.</summary>
public sealed class NodePackServices : IServiceProvider, IDisposable
{
    private readonly Dictionary<Type, object> _services = [];
    private readonly Stack<IDisposable> _owned = [];

    public object? GetService(Type serviceType) => _services.GetValueOrDefault(serviceType);

    public TService Get<TService>()
        where TService : class =>
        GetService(typeof(TService)) as TService
        ?? throw new InvalidOperationException($"NodePackServices: there is no {typeof(TService).Name}.");

    public void Dispose()
    {
        while (_owned.TryPop(out var service))
        {
            service.Dispose();
        }
    }

    internal NodePackServices Add<TService>(TService service)
        where TService : class
    {
        _services.Add(typeof(TService), service);
        if (service is IDisposable disposable)
        {
            _owned.Push(disposable);
        }
        return this;
    }
}
