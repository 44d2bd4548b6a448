using System.Collections.Concurrent;
using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;
using NodeHost.Queue;

namespace NodeHost.Tests.Server.Queue;

/// <summary>Runs jobs as a test says; by default each succeeds at once.</summary>
internal sealed class FakeRunner : IJobRunner
{
    public ConcurrentQueue<RunRequest> Requests { get; } = [];

    public ConcurrentQueue<bool> Freed { get; } = [];

    public Func<RunRequest, CancellationToken, RunStatus> Body { get; set; } = (_, _) => RunStatus.Succeeded;

    public Func<RunRequest, bool> RunsOutOfMemory { get; set; } = _ => false;

    public RunResult Run(RunRequest request, IExecutionEvents events, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        var start = new ExecutionStarted(request.PromptId, 1);
        events.Publish(start);
        var error = RunsOutOfMemory(request)
            ? new ExecutionError
            {
                NodeId = "1",
                NodeType = "Test",
                ExceptionMessage = "no memory",
                ExceptionType = "OutOfMemory",
                IsOutOfMemory = true,
            }
            : null;
        var status = error is null ? Body(request, cancellationToken) : RunStatus.Failed;
        ExecutionEvent end = status switch
        {
            RunStatus.Succeeded => new ExecutionSucceeded(request.PromptId, 2),
            RunStatus.Interrupted => new ExecutionInterrupted(request.PromptId, "1", "Test", [], 2),
            _ => new ExecutionFailed(request.PromptId, error!, 2),
        };
        events.Publish(end);
        return new()
        {
            Request = request,
            Status = status,
            Error = error,
            Displays = [],
            Messages = [start, end],
            Executed = [],
        };
    }

    public void Free(bool dropResults) => Freed.Enqueue(dropResults);

    public void Dispose() { }
}
