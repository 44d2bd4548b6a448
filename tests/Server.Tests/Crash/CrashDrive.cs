using System.Collections.Concurrent;
using System.Net;
using Newtonsoft.Json.Linq;
using NodeHost.Images;

namespace NodeHost.Tests.Server.Crash;

/// <summary>Queues jobs of all kinds on a server that it kills at random moments, and remembers what was promised.</summary>
internal sealed class CrashDrive(int seed) : IAsyncDisposable
{
    private const int Clients = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Random _random = new(seed);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nodehost-crash-");
    private readonly ConcurrentDictionary<string, long> _accepted = [];
    private readonly ConcurrentDictionary<string, bool> _uncertain = [];
    private ServerProcess? _server;
    private int _jobs;
    private int _kills;
    private int _explained;

    /// <summary>A server's life: it starts, is given jobs by several clients at once, and is killed.</summary>
    public async Task WorkAndKillAsync()
    {
        await using var server = await StartAsync();
        using var end = new CancellationTokenSource();
        var clients = Enumerable
            .Range(0, Clients)
            .Select(client => QueueAsync(server, _random.Next(), end.Token))
            .ToArray();
        // Now and then before anything was accepted, mostly in the middle of its work, however slow the machine is.
        var before = _accepted.Count;
        if (_random.Next(4) > 0)
        {
            await ServerActions.UntilAsync("a job is accepted", () => Task.FromResult(_accepted.Count > before));
        }
        await Task.Delay(_random.Next(50, 2500), CancellationToken.None);
        server.Kill();
        _kills++;
        await end.CancelAsync();
        await Task.WhenAll(clients);
    }

    /// <summary>The last life: everything that is left is done.</summary>
    public async Task SettleAsync()
    {
        _server = await StartAsync();
        var end = DateTime.UtcNow + Patience;
        while ((int)(await _server.Http.GetJsonAsync("/prompt"))["exec_info"]!["queue_remaining"]! > 0)
        {
            Assert.True(DateTime.UtcNow < end, $"There are still jobs after {Patience}: {_server.Errors}");
            await Task.Delay(100);
        }
    }

    /// <summary>Every accepted job is in history once, as success or with the reason of its failure; no number was given twice.</summary>
    public async Task CheckHistoryAsync()
    {
        var history = (JObject)await _server!.Http.GetJsonAsync("/history");
        Assert.True(_accepted.Count > _kills / 2, $"Only {_accepted.Count} jobs were accepted.");
        Assert.Empty(_accepted.Keys.Except(history.Properties().Select(entry => entry.Name)));
        Assert.Empty(history.Properties().Select(entry => entry.Name).Except(_accepted.Keys).Except(_uncertain.Keys));
        Assert.Equal(_accepted.Count, _accepted.Values.Distinct().Count());
        Assert.Equal(
            history.Count,
            (long)(await _server.Http.GetJsonAsync("/api/jobs?limit=1"))["pagination"]!["total"]!
        );
        foreach (var (promptId, entry) in history)
        {
            var status = entry!["status"]!;
            if ((string?)status["status_str"] != "success")
            {
                var reason = status["messages"]!.Last()[1]!["exception_message"]?.ToString() ?? "";
                Assert.Contains("server ended", reason, StringComparison.Ordinal);
                _explained++;
                continue;
            }
            foreach (var file in entry.SelectTokens("outputs.*.images[*]"))
            {
                var path = Path.Combine(
                    _folder.FullName,
                    "output",
                    (string)file["subfolder"]!,
                    (string)file["filename"]!
                );
                Assert.True(File.Exists(path), $"{promptId} succeeded without {path}");
            }
        }
        var first = _accepted.Keys.First();
        using var again = await _server.Http.PostJsonAsync(
            "/prompt",
            Graphs.Request(Graphs.Trivial(), promptId: first)
        );
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    /// <summary>Whatever has a name of its own is a whole picture.</summary>
    public void CheckFiles()
    {
        var pictures = Directory.EnumerateFiles(
            Path.Combine(_folder.FullName, "output"),
            "*.png",
            SearchOption.AllDirectories
        );
        Assert.All(pictures, path => Assert.NotEmpty(ImageDecoder.DecodeFile(path).Frames));
    }

    public override string ToString() =>
        $"{_kills} kills, {_accepted.Count} jobs accepted, {_uncertain.Count} unanswered, {_explained} failed with the reason";

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        _folder.Delete(recursive: true);
    }

    private Task<ServerProcess> StartAsync() => ServerProcess.StartInAsync(_folder.FullName);

    private async Task QueueAsync(ServerProcess server, int seed, CancellationToken cancellation)
    {
        var random = new Random(seed);
        while (!cancellation.IsCancellationRequested)
        {
            var promptId = $"job-{Interlocked.Increment(ref _jobs)}";
            _uncertain[promptId] = true;
            try
            {
                using var response = await server.Http.PostJsonAsync(
                    "/prompt",
                    Graphs.Request(Graph(random), promptId: promptId)
                );
                var answer = await response.ReadJsonAsync();
                Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {answer}");
                _accepted[promptId] = (long)answer["number"]!;
                _uncertain.TryRemove(promptId, out _);
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
            {
                return;
            }
            await Task.Delay(random.Next(40, 250), CancellationToken.None);
        }
    }

    private static JObject Graph(Random random) =>
        random.Next(4) switch
        {
            0 => Graphs.Sampling(random.Next(1, 6), random.Next()),
            1 => Graphs.Saving(random.Next(1 << 24), size: 1024),
            _ => Graphs.Saving(random.Next(1 << 24), size: 64),
        };
}
