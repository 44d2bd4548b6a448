using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using NodeHost.Events;
using NodeHost.Graph.Events;

namespace NodeHost.Queue;

/// <summary>Passes on what happens in one job; whatever its receivers do, the job goes on.</summary>
internal sealed class JobEvents(string? clientId, IServerEvents events, ILogger log) : IExecutionEvents
{
    private bool _isBroken;

    /// <summary>True for an event that is to stay in the house: the end of a run that is tried again.</summary>
    public Func<ExecutionEvent, bool> IsWithheld { get; set; } = _ => false;

    [SuppressMessage("Design", "CA1031", Justification = "No watcher can end a run.")]
    public void Publish(ExecutionEvent happened)
    {
        if (happened is NodeWarned warned)
        {
            log.NodeWarned(warned.PromptId, warned.NodeId, warned.Message);
        }
        if (IsWithheld(happened))
        {
            return;
        }
        try
        {
            events.Publish(clientId, happened);
        }
        catch (Exception error)
        {
            if (!_isBroken)
            {
                log.EventLost(error, happened.Type, happened.PromptId);
            }
            _isBroken = true;
        }
    }
}
