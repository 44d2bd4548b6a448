using NodeHost.Events;

namespace NodeHost.Tests.Server.Sockets;

/// <summary>What a slow reader loses, and what it does not.</summary>
public sealed class OutgoingQueueTests
{
    [Fact]
    public async Task Take_WhileTheReaderKeepsUp_GivesEverythingInOrder()
    {
        var queue = new OutgoingQueue();
        for (var step = 0; step < OutgoingQueue.Behind; step++)
        {
            queue.TryAdd(Step(step));
        }
        Assert.Equal(
            Enumerable.Range(0, OutgoingQueue.Behind).Select(step => $"step {step}"),
            await DrainAsync(queue, OutgoingQueue.Behind)
        );
    }

    [Fact]
    public async Task Add_WhenTheReaderIsBehind_ReplacesTheLastStepAndKeepsTheRest()
    {
        var queue = new OutgoingQueue();
        for (var index = 0; index < OutgoingQueue.Behind; index++)
        {
            queue.TryAdd(Event(index));
        }
        for (var step = 0; step < 1000; step++)
        {
            queue.TryAdd(Step(step));
        }
        queue.TryAdd(Event(1000));
        var taken = await DrainAsync(queue, OutgoingQueue.Behind + 2);
        Assert.Equal(["event 63", "step 999", "event 1000"], taken[^3..]);
    }

    [Fact]
    public void Add_OfMoreThanCanEverBeRead_IsRefused()
    {
        var queue = new OutgoingQueue();
        for (var index = 0; index < OutgoingQueue.Hopeless; index++)
        {
            Assert.True(queue.TryAdd(Event(index)));
        }
        Assert.False(queue.TryAdd(Event(0)));
    }

    [Fact]
    public async Task Take_FromAnEmptyQueue_WaitsForTheNext()
    {
        var queue = new OutgoingQueue();
        var taking = queue.TakeAsync(CancellationToken.None).AsTask();
        Assert.False(taking.IsCompleted);
        queue.TryAdd(Event(7));
        Assert.Equal("event 7", (await taking).Type);
    }

    private static OutgoingMessage Event(int index) => OutgoingMessage.Text($"event {index}", () => index);

    private static OutgoingMessage Step(int index) => OutgoingMessage.Text($"step {index}", () => index, "step");

    private static async Task<List<string>> DrainAsync(OutgoingQueue queue, int count)
    {
        var types = new List<string>();
        for (var index = 0; index < count; index++)
        {
            types.Add((await queue.TakeAsync(CancellationToken.None)).Type);
        }
        return types;
    }
}
