namespace NodeHost.Tests.Server.Http;

/// <summary>A server that allows little.</summary>
public sealed class LimitedServer : IAsyncLifetime
{
    internal ServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync() =>
        Server = await ServerProcess.StartAsync(
            "--max-upload-size",
            "0.01",
            "--max-prompt-nodes",
            "2",
            "--max-json-depth",
            "5",
            "--max-string-length",
            "20",
            "--max-sockets-per-address",
            "2"
        );

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
