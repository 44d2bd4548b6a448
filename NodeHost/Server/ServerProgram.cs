namespace NodeHost.Server;

/// <summary>The program as a server: starts, says where it is, and ends when asked to.</summary>
internal static class ServerProgram
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ServerOptions options, NodeRuntime nodes)
    {
        await using var server = new NodeServer(options, nodes);
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
        await server.WaitForShutdownAsync(CancellationToken.None);
        return Cli.ExitCode.Done;
    }
}
