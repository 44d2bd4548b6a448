namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>An input a link can go to: a socket, or the socket of a widget.</summary>
internal sealed class CanvasInput(string name, string type)
{
    public string Name => name;

    public string Type => type;

    /// <summary>Id of the link that comes in.</summary>
    public string? Link { get; set; }

    /// <summary>The widget this is the socket of.</summary>
    public CanvasWidget? Widget { get; init; }

    /// <summary>What a widget promoted to a subgraph's instance holds there; null where nothing is promoted.</summary>
    public Newtonsoft.Json.Linq.JToken? PromotedValue { get; set; }
}
