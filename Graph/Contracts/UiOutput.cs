using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Contracts;

/// <summary>What a node shows: named arrays in order. The canvas insists on arrays, so nothing else can be added.</summary>
public sealed class UiOutput
{
    private readonly JObject _json = [];

    /// <summary>The names and arrays added so far.</summary>
    public IEnumerable<KeyValuePair<string, JArray>> Entries
    {
        get
        {
            foreach (var property in _json.Properties())
            {
                yield return new(property.Name, (JArray)property.Value);
            }
        }
    }

    public bool IsEmpty => _json.Count == 0;

    public static UiOutput Images(IEnumerable<UiFile> files) => new UiOutput().Add("images", files);

    public static UiOutput Text(params string[] lines) =>
        new UiOutput().Add("text", lines.Select(line => new JValue(line)));

    /// <summary>Files under a name of their own: <c>latents</c>, <c>audio</c>, <c>3d</c>.</summary>
    public UiOutput Add(string name, IEnumerable<UiFile> files) =>
        Add(
            name,
            files.Select(file => new JObject
            {
                ["filename"] = file.Filename,
                ["subfolder"] = file.Subfolder,
                ["type"] = file.Type,
            })
        );

    /// <summary>Appends values under a name; equal names are joined.</summary>
    public UiOutput Add(string name, IEnumerable<JToken> values)
    {
        if (_json[name] is not JArray array)
        {
            _json[name] = array = [];
        }
        foreach (var value in values)
        {
            array.Add(value.Parent is null ? value : value.DeepClone());
        }
        return this;
    }

    /// <summary>A copy, so that what was shown cannot change afterwards.</summary>
    public JObject ToJson() => (JObject)_json.DeepClone();
}
