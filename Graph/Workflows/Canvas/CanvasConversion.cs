using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>A canvas workflow in API format, and the nodes in it whose class is not known here.</summary>
/// <param name="Prompt">Unknown nodes are in it without <c>class_type</c>, as ComfyUI's frontend sends them.</param>
/// <param name="UnknownNodes">The unknown nodes that would run.</param>
public sealed record CanvasConversion(JObject Prompt, IReadOnlyList<UnknownCanvasNode> UnknownNodes);
