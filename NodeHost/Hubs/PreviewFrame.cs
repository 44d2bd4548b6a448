namespace NodeHost.Hubs;

/// <summary>A picture of work in progress on a preview stream; the bytes travel as base64.</summary>
/// <param name="PromptId">The prompt that runs.</param>
/// <param name="NodeId">The node that works.</param>
/// <param name="DisplayNodeId">The node on the canvas that it belongs to.</param>
/// <param name="ImageType"><c>image/jpeg</c> or <c>image/png</c>.</param>
/// <param name="Image">The encoded picture.</param>
internal sealed record PreviewFrame(
    string PromptId,
    string NodeId,
    string DisplayNodeId,
    string ImageType,
    ReadOnlyMemory<byte> Image
);
