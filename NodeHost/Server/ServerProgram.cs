using NodeHost.Events;
using NodeHost.Folders;
using NodeHost.Graph.Execution;
using NodeHost.Queue;
using NodeHost.Security;
using NodeHost.Storage.Sqlite;
using NodeHost.Webhooks;

namespace NodeHost.Server;

/// <summary>The program as a server: puts its parts together, says where it is, and ends when asked to.</summary>
internal static class ServerProgram
{
    /// <param name="options">What the command line says.</param>
    /// <param name="nodes">Disposed by the caller.</param>
    /// <param name="free">Unloads models and gives memory back.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ServerOptions options, NodeRuntime nodes, Action free)
    {
        if (options.LogsToOutput)
        {
            Console.SetError(Console.Out);
        }
        var log = new ConsoleLog(options.LogLevel);
        Directory.CreateDirectory(options.UserDirectory);
        using var store = SqliteJobStore.Open(Path.Combine(options.UserDirectory, "nodehost.db"), options.History);
        await using var events = new EventHub();
        using var queue = new JobQueue(store, events, options.OnRestart);
        events.QueueChanged(queue.Remaining);
        await using var webhooks = new WebhookSender(queue);
        events.Add(webhooks);
        await using var server = new NodeServer(
            new()
            {
                Options = options,
                Nodes = nodes,
                Keys = new ApiKeyStore(options.UserDirectory),
                Queue = queue,
                Events = events,
            }
        );
        try
        {
            await server.StartAsync();
        }
        catch (IOException error)
        {
            await Console.Error.WriteLineAsync(
                $"Cannot listen on {string.Join(", ", options.Listen)} port {options.Port}: {error.Message}. Choose another with --port."
            );
            return Cli.ExitCode.Failed;
        }
        Console.WriteLine("Starting server");
        if (options.PrintsAddress)
        {
            foreach (var address in server.Addresses)
            {
                Console.WriteLine($"To see the GUI go to: {address}");
            }
        }
        if (options.EndsAfterStart)
        {
            return Cli.ExitCode.Done;
        }
        if (options.LaunchesBrowser)
        {
            Browser.Open(server.Addresses[0]);
        }
        _ = TempFolder.DeleteForgottenAsync(nodes.Folders.TempDirectory, store);
        // Only now: clients are answered while libtorch loads.
        using var worker = new JobWorker(
            queue,
            store,
            new PromptRunner(() => new PromptExecutor(nodes.Catalogue, nodes.Executor), free),
            events,
            log
        );
        await server.WaitForShutdownAsync(CancellationToken.None);
        return Cli.ExitCode.Done;
    }
}
