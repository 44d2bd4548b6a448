namespace NodeHost.Graph.Contracts;

internal static class NodeServices
{
    public static TService Get<TService>(IServiceProvider services, string where)
        where TService : class =>
        services.GetService(typeof(TService)) as TService
        ?? throw new InvalidOperationException(
            $"{where}: needs the service {typeof(TService).Name}, and the host has registered none. "
                + "Register it with the services given to the executor."
        );
}
