namespace NodeHost.Graph.Contracts;

/// <summary>What the server itself passes to a node.</summary>
public enum HiddenInput
{
    /// <summary>The whole prompt of this run in API format, as a <c>JObject</c>.</summary>
    Prompt,

    /// <summary>The live graph with the nodes that expansion added, as an <see cref="IDynamicPrompt"/>.</summary>
    DynamicPrompt,

    /// <summary>What the client wants stored in pictures (<c>extra_data.extra_pnginfo</c>), as a <c>JToken?</c>.</summary>
    ExtraPngInfo,

    /// <summary>The node's own id, as a <c>string</c>. It also keeps equal nodes from sharing one result.</summary>
    UniqueId,

    /// <summary>The client's sign-in at comfy.org, as a <c>string?</c>.</summary>
    AuthTokenComfyOrg,

    /// <summary>The client's key for the API of comfy.org, as a <c>string?</c>.</summary>
    ApiKeyComfyOrg,
}
