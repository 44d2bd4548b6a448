using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Events;

/// <summary>Something a client may want to know about a run, in ComfyUI's words.</summary>
public abstract record ExecutionEvent(string PromptId)
{
    /// <summary>The <c>type</c> of the message.</summary>
    public abstract string Type { get; }

    /// <summary>The <c>data</c> of the message.</summary>
    public abstract JObject ToJson();
}
