using System.Diagnostics;
using Newtonsoft.Json.Linq;
using NodeHost.Tests.Server;

namespace NodeHost.Benchmarks.Server;

/// <summary>The server as its clients see it, over real sockets from this process.</summary>
internal sealed class ServerBenchmark : IBenchmark
{
    private const int Clients = 32;
    private const int Accepted = 128 * Clients;
    private const int Finished = 64 * Clients;
    private const int Jobs = 320 * Clients;
    private const int Sockets = 1_000;
    private const int Polls = 200;

    private int _colour;

    public string Name => "server";

    public string Description =>
        "the server: start, memory, prompts accepted and finished per second, latency in a run, 1,000 sockets";

    public IEnumerable<Measurement> Run() => RunAsync().GetAwaiter().GetResult();

    private async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        var start = Stopwatch.GetTimestamp();
        await using var server = await ServerProcess.StartAsync();
        using var first = await server.Http.GetAsync("/queue");
        var measurements = new List<Measurement>
        {
            new("start to the first 200", Stopwatch.GetElapsedTime(start).TotalSeconds, "s")
            {
                Against = "aim 1.5; ComfyUI 7.4",
            },
        };
        await Task.Delay(1000);
        measurements.Add(new("idle memory", Megabytes(server), "MB") { Against = "aim 150; ComfyUI 382" });
        measurements.AddRange(await FinishAsync(server));
        measurements.AddRange(await AcceptAsync(server));
        measurements.AddRange(await PollInARunAsync(server));
        measurements.AddRange(await TellManyAsync(server));
        measurements.AddRange(await GrowAsync(server));
        return measurements;
    }

    /// <summary>One client with a socket, as the reference was measured: all posted at once, and one after the other.</summary>
    private async Task<IReadOnlyList<Measurement>> FinishAsync(ServerProcess server)
    {
        await using var socket = await server.ConnectAsync("bench");
        await RunOneAsync(server, socket); // libtorch is loaded by the first
        var start = Stopwatch.GetTimestamp();
        for (var index = 0; index < Finished / 10; index++)
        {
            await RunOneAsync(server, socket);
        }
        var serial = Finished / 10 / Stopwatch.GetElapsedTime(start).TotalSeconds;

        start = Stopwatch.GetTimestamp();
        var following = Task.Run(async () =>
        {
            for (var index = 0; index < Finished; index++)
            {
                await socket.WaitForAsync("execution_success");
            }
        });
        await PostAsync(server, Finished, "bench");
        await following;
        var queued = Finished / Stopwatch.GetElapsedTime(start).TotalSeconds;
        return
        [
            new("trivial graphs, one after the other", serial, "1/s") { Against = "ComfyUI 226" },
            new("trivial graphs, queued", queued, "1/s") { Against = "aim 900; ComfyUI 221" },
        ];
    }

    /// <summary>The queue is paused, so that what is measured is taking in: validated, stored, answered.</summary>
    private async Task<IReadOnlyList<Measurement>> AcceptAsync(ServerProcess server)
    {
        using var pause = await server.Http.PostTextAsync("/queue/pause", "");
        await PostAsync(server, Accepted / 4, null); // warm
        var start = Stopwatch.GetTimestamp();
        var milliseconds = await PostAsync(server, Accepted, null);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using var clear = await server.Http.PostTextAsync("/queue", "{\"clear\":true}");
        using var resume = await server.Http.PostTextAsync("/queue/resume", "");
        return
        [
            new($"prompts accepted, {Clients} clients", Accepted / seconds, "1/s") { Against = "aim 2,200" },
            new("prompts accepted, p50", At(milliseconds, 0.5), "ms"),
            new("prompts accepted, p99", At(milliseconds, 0.99), "ms") { Against = "aim 50" },
        ];
    }

    private static async Task<IReadOnlyList<Measurement>> PollInARunAsync(ServerProcess server)
    {
        var id = await SampleAsync(server, "poll");
        await UntilRunningAsync(server, id);
        var milliseconds = new List<double>();
        for (var poll = 0; poll < Polls; poll++)
        {
            var start = Stopwatch.GetTimestamp();
            await server.Http.GetStringAsync("/queue");
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await Task.Delay(10);
        }
        await StopAsync(server);
        milliseconds.Sort();
        return
        [
            new("GET /queue in a run, p50", At(milliseconds, 0.5), "ms"),
            new("GET /queue in a run, p99", At(milliseconds, 0.99), "ms") { Against = "aim 10" },
        ];
    }

    private static async Task<IReadOnlyList<Measurement>> TellManyAsync(ServerProcess server)
    {
        var sockets = new List<SocketClient>();
        for (var index = 0; index < Sockets; index++)
        {
            sockets.Add(await server.ConnectAsync("many"));
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        var counts = sockets.Select(socket => CountProgressAsync(socket, patience.Token)).ToArray();
        var start = Stopwatch.GetTimestamp();
        await SampleAsync(server, "many");
        var steps = await Task.WhenAll(counts);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await StopAsync(server);
        foreach (var socket in sockets)
        {
            socket.Abort();
        }
        return
        [
            new($"sockets that heard progress, of {Sockets}", steps.Count(count => count > 0), "sockets"),
            new("progress messages delivered", steps.Sum() / seconds, "1/s"),
            new("fewest beside most at one socket", 100.0 * steps.Min() / Math.Max(steps.Max(), 1), "%"),
        ];
    }

    private async Task<IReadOnlyList<Measurement>> GrowAsync(ServerProcess server)
    {
        await PostAsync(server, Jobs / 10, null);
        await UntilIdleAsync(server);
        var before = Megabytes(server);
        await PostAsync(server, Jobs - (Jobs / 10), null);
        await UntilIdleAsync(server);
        var after = Megabytes(server);
        return
        [
            new($"memory after {Jobs / 10:N0} jobs more", before, "MB"),
            new($"memory after {Jobs:N0} jobs more", after, "MB"),
            new("growth", 100 * (after - before) / before, "%") { Against = "aim 5" },
        ];
    }

    private async Task RunOneAsync(ServerProcess server, SocketClient socket)
    {
        using var response = await server.Http.PostJsonAsync("/prompt", Graphs.Request(Fresh(), "bench"));
        await socket.WaitForAsync("execution_success");
    }

    /// <summary>Posts from many clients at once; how long each answer took, sorted.</summary>
    private async Task<List<double>> PostAsync(ServerProcess server, int count, string? clientId)
    {
        var milliseconds = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(PostShareAsync)));
        return [.. milliseconds.SelectMany(times => times).Order()];

        async Task<List<double>> PostShareAsync()
        {
            var times = new List<double>();
            for (var index = 0; index < count / Clients; index++)
            {
                var request = Graphs.Request(Fresh(), clientId);
                var start = Stopwatch.GetTimestamp();
                using var response = await server.Http.PostJsonAsync("/prompt", request);
                response.EnsureSuccessStatusCode();
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            return times;
        }
    }

    private JObject Fresh() => Graphs.Trivial(Interlocked.Increment(ref _colour));

    private static async Task<string> SampleAsync(ServerProcess server, string clientId)
    {
        using var response = await server.Http.PostJsonAsync("/prompt", Graphs.Request(Graphs.Endless(), clientId));
        return (string)(await response.ReadJsonAsync())["prompt_id"]!;
    }

    private static async Task StopAsync(ServerProcess server)
    {
        using var response = await server.Http.PostTextAsync("/interrupt", "");
        await UntilIdleAsync(server);
    }

    private static async Task UntilRunningAsync(ServerProcess server, string promptId)
    {
        while (
            !(await server.Http.GetStringAsync($"/api/jobs/{promptId}")).Contains(
                "in_progress",
                StringComparison.Ordinal
            )
        )
        {
            await Task.Delay(10);
        }
    }

    private static async Task UntilIdleAsync(ServerProcess server)
    {
        while ((int)(await server.Http.GetJsonAsync("/prompt"))["exec_info"]!["queue_remaining"]! > 0)
        {
            await Task.Delay(50);
        }
    }

    private static async Task<int> CountProgressAsync(SocketClient socket, CancellationToken patience)
    {
        var count = 0;
        try
        {
            while (await socket.ReceiveAsync(cancellation: patience) is { } message)
            {
                count += message.Type == "progress" ? 1 : 0;
            }
        }
        catch (OperationCanceledException)
        {
            // Time is up.
        }
        return count;
    }

    private static double At(List<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];

    private static double Megabytes(ServerProcess server)
    {
        using var process = Process.GetProcessById(server.ProcessId);
        return process.WorkingSet64 / 1e6;
    }
}
