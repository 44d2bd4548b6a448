namespace NodeHost.Tests.Nodes.EndToEnd;

/// <summary>A service provider with the given services and no others.</summary>
internal sealed class TestServices(params (Type Type, object Service)[] services) : IServiceProvider
{
    public object? GetService(Type serviceType) => Array.Find(services, service => service.Type == serviceType).Service;
}
