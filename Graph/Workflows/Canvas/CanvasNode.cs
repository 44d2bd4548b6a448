using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>A node as the canvas holds it in memory: inputs by definition, widgets with their values.</summary>
internal sealed class CanvasNode(string id, string type, JObject source)
{
    private const int Never = 2;
    private const int Bypass = 4;

    public string Id => id;

    public string Type => type;

    /// <summary>The node as it stands in the file.</summary>
    public JObject Source => source;

    public int Mode { get; init; }

    public bool IsMuted => Mode == Never;

    public bool IsBypassed => Mode == Bypass;

    public string? Title { get; init; }

    /// <summary>Title shown on the canvas.</summary>
    public string ShownTitle => Title ?? DisplayName ?? type;

    public string? DisplayName { get; init; }

    /// <summary>Whether the class is known, or needs no definition.</summary>
    public bool IsKnown { get; init; }

    /// <summary>A node of the canvas alone, which no prompt has.</summary>
    public bool IsVirtual => type is "Note" or "MarkdownNote" or "Reroute" or "PrimitiveNode";

    /// <summary>The definition, if this is an instance of a subgraph or a group node.</summary>
    public CanvasGraph? Subgraph { get; set; }

    public List<CanvasInput> Inputs { get; } = [];

    public List<CanvasWidget> Widgets { get; } = [];

    /// <summary>The values in the file, in the order of the widgets; null if it has none.</summary>
    public IReadOnlyList<JToken>? Values { get; set; }

    public CanvasWidget? FindWidget(string? name) =>
        Widgets.FirstOrDefault(widget => widget.Name == name && widget.IsSent);

    public override string ToString() => $"{type} #{id}";
}
