using Newtonsoft.Json.Linq;
using NodeHost.Graph.Events;

namespace NodeHost.Events;

/// <summary>Messages for what happens, and which of them a later one replaces.</summary>
internal static class EventMessages
{
    public static OutgoingMessage Of(ExecutionEvent happened) =>
        happened is NodeTextShown shown
            ? OutgoingMessage.Binary(() => BinaryFrames.ShownText(shown), $"text {shown.PromptId} {shown.NodeId}")
            : OutgoingMessage.Text(
                happened.Type,
                happened.ToJson,
                happened switch
                {
                    NodeProgressed step => $"progress {step.PromptId} {step.NodeId}",
                    ProgressStateChanged => $"progress_state {happened.PromptId}",
                    _ => null,
                }
            );

    /// <summary>In the form that a client understands.</summary>
    public static OutgoingMessage Preview(NodePreviewed preview, ClientFeatures features) =>
        features.SupportsPreviewMetadata ? PreviewWithMetadata(preview) : PlainPreview(preview);

    public static OutgoingMessage PreviewWithMetadata(NodePreviewed preview) =>
        OutgoingMessage.Binary(() => BinaryFrames.PreviewWithMetadata(preview), $"preview {preview.PromptId}");

    public static OutgoingMessage PlainPreview(NodePreviewed preview) =>
        OutgoingMessage.Binary(() => BinaryFrames.Preview(preview), $"preview {preview.PromptId}");

    /// <summary>How many jobs there are; with the client's id when it is the greeting.</summary>
    public static OutgoingMessage Status(int remaining, string? sid = null) =>
        OutgoingMessage.Text(
            "status",
            () =>
            {
                var data = new JObject
                {
                    ["status"] = new JObject { ["exec_info"] = new JObject { ["queue_remaining"] = remaining } },
                };
                if (sid is not null)
                {
                    data["sid"] = sid;
                }
                return data;
            },
            sid is null ? "status" : null
        );

    /// <summary>For a client that comes back in mid-run; the reference says no more than the node.</summary>
    public static OutgoingMessage StillExecuting(NodeExecuting executing) =>
        OutgoingMessage.Text("executing", () => new JObject { ["node"] = executing.DisplayNodeId });

    /// <summary>The end of a run.</summary>
    public static OutgoingMessage Ended(string promptId) =>
        OutgoingMessage.Text("executing", () => new JObject { ["node"] = null, ["prompt_id"] = promptId });
}
