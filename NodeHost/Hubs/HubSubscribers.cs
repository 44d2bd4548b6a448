using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Newtonsoft.Json.Linq;
using NodeHost.Events;
using NodeHost.Graph.Events;

namespace NodeHost.Hubs;

/// <summary>Everybody at the hub: the same events as on the socket, to those who follow the prompt.</summary>
internal sealed class HubSubscribers : IRunWatcher
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HubSubscriber> _subscribers = [];
    private readonly List<(string PromptId, ChannelWriter<PreviewFrame> Frames)> _streams = [];

    public void Add(string connectionId, ISingleClientProxy client, Action giveUp)
    {
        lock (_gate)
        {
            _subscribers[connectionId] = new(client, giveUp);
        }
    }

    public void Remove(string connectionId)
    {
        lock (_gate)
        {
            if (_subscribers.Remove(connectionId, out var subscriber))
            {
                subscriber.Dispose();
            }
        }
    }

    /// <summary>From now on the connection is told about a prompt, beginning with what it missed.</summary>
    public void Follow(string connectionId, string promptId, IEnumerable<ExecutionEvent> missed)
    {
        lock (_gate)
        {
            if (_subscribers.TryGetValue(connectionId, out var subscriber) && subscriber.PromptIds.Add(promptId))
            {
                foreach (var happened in missed)
                {
                    subscriber.Send(Message(happened));
                }
            }
        }
    }

    public void Unfollow(string connectionId, string promptId)
    {
        lock (_gate)
        {
            _subscribers.GetValueOrDefault(connectionId)?.PromptIds.Remove(promptId);
        }
    }

    /// <summary>The prompt has ended already, so nothing more will come.</summary>
    public void TellEnded(string connectionId, string promptId)
    {
        lock (_gate)
        {
            _subscribers.GetValueOrDefault(connectionId)?.Send(EventMessages.Ended(promptId));
        }
    }

    /// <summary>Pictures of a prompt until it ends; a reader that is slow gets fewer.</summary>
    public ChannelReader<PreviewFrame> Previews(string promptId, CancellationToken cancellation)
    {
        var frames = Channel.CreateBounded<PreviewFrame>(
            new BoundedChannelOptions(2) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        lock (_gate)
        {
            _streams.Add((promptId, frames.Writer));
        }
        cancellation.Register(() => End(frames.Writer));
        return frames.Reader;
    }

    public void Happened(ExecutionEvent happened)
    {
        lock (_gate)
        {
            var followers = _subscribers.Values.Where(subscriber => subscriber.PromptIds.Contains(happened.PromptId));
            OutgoingMessage? message = null;
            foreach (var subscriber in followers)
            {
                subscriber.Send(message ??= Message(happened));
            }
            if (happened is NodePreviewed preview)
            {
                foreach (var (_, frames) in _streams.Where(stream => stream.PromptId == happened.PromptId))
                {
                    frames.TryWrite(Frame(preview));
                }
            }
        }
    }

    public void QueueChanged(int remaining)
    {
        var status = EventMessages.Status(remaining);
        lock (_gate)
        {
            foreach (var subscriber in _subscribers.Values)
            {
                subscriber.Send(status);
            }
        }
    }

    public void JobEnded(string promptId)
    {
        lock (_gate)
        {
            foreach (var subscriber in _subscribers.Values.Where(one => one.PromptIds.Remove(promptId)))
            {
                subscriber.Send(EventMessages.Ended(promptId));
            }
            foreach (var (_, frames) in _streams.Where(stream => stream.PromptId == promptId))
            {
                frames.TryComplete();
            }
            _streams.RemoveAll(stream => stream.PromptId == promptId);
        }
    }

    private void End(ChannelWriter<PreviewFrame> frames)
    {
        lock (_gate)
        {
            _streams.RemoveAll(stream => stream.Frames == frames);
        }
        frames.TryComplete();
    }

    /// <summary>As on the socket; a preview is JSON with the picture in base64.</summary>
    private static OutgoingMessage Message(ExecutionEvent happened) =>
        happened switch
        {
            NodePreviewed preview => OutgoingMessage.Text(
                "preview",
                () =>
                {
                    var data = preview.ToJson();
                    data["image"] = Convert.ToBase64String(preview.Preview.Bytes);
                    return data;
                },
                $"preview {preview.PromptId}"
            ),
            NodeTextShown shown => OutgoingMessage.Text("progress_text", () => WithPrompt(shown)),
            _ => EventMessages.Of(happened),
        };

    private static JObject WithPrompt(NodeTextShown shown)
    {
        var data = shown.ToJson();
        data["prompt_id"] = shown.PromptId;
        return data;
    }

    private static PreviewFrame Frame(NodePreviewed preview) =>
        new(
            preview.PromptId,
            preview.Node.NodeId,
            preview.Node.DisplayNodeId,
            preview.Preview.ImageType,
            preview.Preview.Bytes
        );
}
