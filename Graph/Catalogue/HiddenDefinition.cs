using System.Reflection;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Catalogue;

/// <summary>A property that the server fills with something of its own.</summary>
public sealed class HiddenDefinition
{
    internal HiddenDefinition(PropertyInfo property, string name, HiddenInput kind)
    {
        Property = property;
        Name = name;
        Kind = kind;
    }

    public string Name { get; }

    public HiddenInput Kind { get; }

    public string KindName =>
        Kind switch
        {
            HiddenInput.Prompt => "PROMPT",
            HiddenInput.DynamicPrompt => "DYNPROMPT",
            HiddenInput.ExtraPngInfo => "EXTRA_PNGINFO",
            HiddenInput.AuthTokenComfyOrg => "AUTH_TOKEN_COMFY_ORG",
            HiddenInput.ApiKeyComfyOrg => "API_KEY_COMFY_ORG",
            _ => "UNIQUE_ID",
        };

    internal PropertyInfo Property { get; }
}
