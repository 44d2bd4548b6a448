namespace NodeHost.Graph.Contracts;

/// <summary>The two shapes in which ComfyUI describes a node in <c>/object_info</c>.</summary>
public enum NodeSchema
{
    /// <summary>The classic shape: keys such as <c>deprecated</c> appear only when they say something.</summary>
    V1,

    /// <summary>The newer shape: every key is always there, choices are <c>COMBO</c> with <c>options</c>.</summary>
    V3,
}
