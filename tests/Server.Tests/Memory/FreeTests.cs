using System.Globalization;
using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.Server.Memory;

/// <summary><c>POST /free</c> gives memory back to the system, not only to the process.</summary>
public sealed class FreeTests
{
    [Fact]
    public async Task Free_AfterHeavyWork_LeavesLittleMoreThanTheFirstPromptDid()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        await using var server = await ServerProcess.StartAsync();
        // The first prompt loads libraries, which stay: docs/decisions/host-memory.md says how much that is.
        await RunAsync(server, Graphs.Sampling(1));
        var start = ResidentBytes(server);

        await RunAsync(server, Graphs.Large(1));
        await RunAsync(server, Graphs.Sampling(2));
        var used = ResidentBytes(server);
        Assert.True(used > start + (300L << 20), $"The work was too light to tell: {start} to {used} bytes.");

        using var response = await server.Http.PostTextAsync("/free", """{"unload_models":true,"free_memory":true}""");
        Assert.True(response.IsSuccessStatusCode);
        await ServerActions.UntilAsync(
            $"at most 10 % more than {start} bytes are resident, {used} before",
            () => Task.FromResult(ResidentBytes(server) <= start * 1.1)
        );
    }

    private static async Task RunAsync(ServerProcess server, JObject graph)
    {
        var entry = await server.WaitForHistoryAsync(await server.QueueAsync(Graphs.Request(graph)));
        Assert.Equal("success", (string?)entry["status"]!["status_str"]);
    }

    private static long ResidentBytes(ServerProcess server)
    {
        var line = File.ReadLines($"/proc/{server.ProcessId}/status")
            .Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
            * 1024;
    }
}
