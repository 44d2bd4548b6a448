using Microsoft.Extensions.Logging;

namespace NodeHost.Queue;

/// <summary>What the queue and its workers write into the log.</summary>
internal static partial class QueueLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Prompt {PromptId}, node {NodeId}: {Text}")]
    public static partial void NodeWarned(this ILogger log, string promptId, string nodeId, string text);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Event {Type} of prompt {PromptId} reached nobody; further losses of this prompt are not logged"
    )]
    public static partial void EventLost(this ILogger log, Exception error, string type, string promptId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Prompt {PromptId} {State} in {Seconds:0.00} seconds")]
    public static partial void JobEnded(this ILogger log, string promptId, JobState state, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Prompt {PromptId} failed in {NodeType} #{NodeId}: {Text}")]
    public static partial void JobFailed(
        this ILogger log,
        Exception? error,
        string promptId,
        string nodeType,
        string nodeId,
        string text
    );

    [LoggerMessage(Level = LogLevel.Error, Message = "Prompt {PromptId} failed outside its nodes")]
    public static partial void JobBroken(this ILogger log, Exception error, string promptId);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Prompt {PromptId} ran out of memory; everything is freed, and it is run once more"
    )]
    public static partial void OutOfMemory(this ILogger log, string promptId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The job store failed; trying again in {Seconds} s")]
    public static partial void StoreFailed(this ILogger log, Exception error, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Freeing memory failed")]
    public static partial void FreeFailed(this ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The worker met an error outside any job and goes on")]
    public static partial void WorkerStumbled(this ILogger log, Exception error);
}
