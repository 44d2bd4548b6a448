using Newtonsoft.Json.Linq;
using NodeHost.Server;

namespace NodeHost.Api;

/// <summary>What the server says it can do, over HTTP and in answer to a client's hello on the socket.</summary>
internal static class ServerFeatures
{
    public static JObject Describe(ServerOptions options) =>
        new() { ["supports_preview_metadata"] = true, ["max_upload_size"] = options.MaxBodyBytes };
}
