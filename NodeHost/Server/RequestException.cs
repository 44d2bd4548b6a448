using Newtonsoft.Json.Linq;

namespace NodeHost.Server;

/// <summary>A request that cannot be served, with the answer it gets: ComfyUI's error shape.</summary>
internal sealed class RequestException(int status, string type, string message, string details = "")
    : Exception(message)
{
    public int Status { get; } = status;

    public JObject ToJson() =>
        new()
        {
            ["error"] = new JObject
            {
                ["type"] = type,
                ["message"] = Message,
                ["details"] = details,
                ["extra_info"] = new JObject(),
            },
            ["node_errors"] = new JObject(),
        };
}
