using System.Text;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Server.Fuzz;

/// <summary>Requests that are wrong in some way: none is answered with a 5xx, none hangs, and the worker outlives them.</summary>
public sealed class FuzzTests
{
    private const int Parallel = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public Task Server_ThousandMutatedRequests_AnswersEachAndLives() => SendAsync(1000, seed: 11);

    [LongFact]
    public Task Server_TenThousandMutatedRequests_AnswersEachAndLives() => SendAsync(10_000, seed: 12);

    private static async Task SendAsync(int count, int seed)
    {
        await using var server = await ServerProcess.StartAsync();
        var wrong = new List<string>();
        await System.Threading.Tasks.Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel },
            async (number, cancellation) =>
            {
                var request = RandomRequest.Create(new Random((seed * 1_000_003) + number));
                if (await FaultAsync(server, request) is { } fault)
                {
                    lock (wrong)
                    {
                        wrong.Add($"#{number} {request.Description}: {fault}");
                    }
                }
            }
        );
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));

        using var clear = await server.Http.PostTextAsync("/queue", "{\"clear\":true}");
        using var interrupt = await server.Http.PostTextAsync("/interrupt", "");
        var alive = await server.QueueAsync(Graphs.Request(Graphs.Trivial(4242)));
        Assert.Equal("success", (string?)(await server.WaitForHistoryAsync(alive))["status"]!["status_str"]);
        await using var socket = await server.ConnectAsync("after");
        Assert.NotNull(await socket.WaitForAsync("status"));
    }

    /// <summary>What is wrong with the answer; null when nothing is.</summary>
    private static async Task<string?> FaultAsync(ServerProcess server, RandomRequest request)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using var message = request.ToMessage(server.Address);
            using var response = await server.Http.SendAsync(message, patience.Token);
            var body = await response.Content.ReadAsByteArrayAsync(patience.Token);
            return (int)response.StatusCode >= 500
                ? $"{(int)response.StatusCode} {Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(300, body.Length)))}"
                : null;
        }
        catch (OperationCanceledException)
        {
            return "no answer in time";
        }
        catch (HttpRequestException error) when (error.InnerException is IOException)
        {
            return $"the connection was cut: {error.InnerException.Message}";
        }
    }
}
