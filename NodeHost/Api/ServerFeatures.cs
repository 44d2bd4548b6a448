using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;
using NodeHost.Server;

namespace NodeHost.Api;

/// <summary>What the server says it can do, over HTTP and in answer to a client's hello on the socket.</summary>
internal static class ServerFeatures
{
    public static JObject Describe(ServerOptions options)
    {
        var features = new JObject { ["supports_preview_metadata"] = true, ["max_upload_size"] = options.MaxBodyBytes };
        foreach (var flag in options.FeatureFlags)
        {
            var (name, value) = flag.Split('=', 2) is [var left, var right] ? (left, Read(right)) : (flag, true);
            features[name] = value;
        }
        return features;
    }

    // A value may be JSON; what is none is a text.
    private static JToken Read(string value)
    {
        try
        {
            return PromptJson.Parse(value);
        }
        catch (JsonException)
        {
            return value;
        }
    }
}
