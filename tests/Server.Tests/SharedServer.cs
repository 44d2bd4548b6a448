namespace NodeHost.Tests.Server;

/// <summary>One server for all tests of a class (<c>IClassFixture</c>); tests that change its state start their own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    internal ServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await ServerProcess.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
