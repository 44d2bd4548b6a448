using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.Server;

/// <summary>What tests do with a server again and again.</summary>
internal static class ServerActions
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Queues a prompt; its id.</summary>
    public static async Task<string> QueueAsync(this ServerProcess server, JObject request)
    {
        using var response = await server.Http.PostJsonAsync("/prompt", request);
        var answer = await response.ReadJsonAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {answer}");
        return (string)answer["prompt_id"]!;
    }

    /// <summary>The history entry of a prompt, once it has ended.</summary>
    public static async Task<JToken> WaitForHistoryAsync(this ServerProcess server, string promptId)
    {
        JToken? entry = null;
        await UntilAsync(
            $"{promptId} is in history",
            async () => (entry = (await server.Http.GetJsonAsync($"/history/{promptId}"))[promptId]) is not null
        );
        return entry!;
    }

    public static Task WaitUntilRunningAsync(this ServerProcess server, string promptId) =>
        UntilAsync(
            $"{promptId} is running",
            async () =>
                (await server.Http.GetJsonAsync("/queue"))["queue_running"]!.Any(row => (string?)row[1] == promptId)
        );

    public static Task WaitUntilIdleAsync(this ServerProcess server) =>
        UntilAsync(
            "the queue is empty",
            async () => (int)(await server.Http.GetJsonAsync("/prompt"))["exec_info"]!["queue_remaining"]! == 0
        );

    public static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var end = DateTime.UtcNow + Patience;
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < end, $"not within {Patience}: {what}");
            await Task.Delay(20);
        }
    }
}
