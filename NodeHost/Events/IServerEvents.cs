using NodeHost.Graph.Events;

namespace NodeHost.Events;

/// <summary>Where the queue tells clients what happens. Never blocks and never throws: a slow or broken client is the implementation's business.</summary>
internal interface IServerEvents
{
    /// <summary>Something happened in a run.</summary>
    /// <param name="clientId">The prompt's <c>client_id</c>: null when the prompt has none, which ComfyUI treats unlike an empty one.</param>
    /// <param name="happened">What happened; previews and texts travel as binary frames.</param>
    void Publish(string? clientId, ExecutionEvent happened);

    /// <summary>The number of pending and running jobs changed; every client is told.</summary>
    void QueueChanged(int remaining);

    /// <summary>A job has ended and is in history: <c>executing</c> with node null.</summary>
    void JobEnded(string promptId, string? clientId);
}
