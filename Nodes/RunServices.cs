using NodeHost.Nodes.Sampling;

namespace NodeHost.Nodes;

/// <summary>The host's services, and what one run has chosen beside them.</summary>
internal sealed class RunServices(IServiceProvider host, PreviewChoice choice) : IServiceProvider
{
    public object? GetService(Type serviceType) =>
        serviceType == typeof(PreviewChoice) ? choice : host.GetService(serviceType);
}
