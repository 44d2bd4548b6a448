using Newtonsoft.Json.Linq;
using NodeHost.Graph.Values;

namespace NodeHost.Graph.Caching;

/// <summary>An input that changed between two runs; long values are shortened, and null means that there was none.</summary>
public sealed record CacheInputChange(string Input, string? From, string? To)
{
    public JObject ToJson() =>
        new()
        {
            ["input"] = Input,
            ["from"] = JsonText.OrNull(From),
            ["to"] = JsonText.OrNull(To),
        };
}
