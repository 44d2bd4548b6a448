using NodeHost.Events;
using NodeHost.Graph.Events;

namespace NodeHost.Tests.Server.Queue;

/// <summary>Writes down what clients would be told, a line each.</summary>
internal sealed class EventLog : IServerEvents
{
    private readonly List<string> _lines = [];

    public bool Throws { get; set; }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public void Publish(string? clientId, ExecutionEvent happened) =>
        Add(clientId is null ? happened.Type : $"{happened.Type} to {clientId}");

    public void QueueChanged(int remaining) => Add($"status {remaining}");

    public void JobEnded(string promptId, string? clientId) => Add($"ended {promptId}");

    private void Add(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
        }
        if (Throws)
        {
            throw new InvalidOperationException("the watcher is broken");
        }
    }
}
