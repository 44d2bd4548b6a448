using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace NodeHost.Golden;

/// <summary>A folder of cases, with the models, input and tokenizers that stand beside it.</summary>
internal sealed class GoldenFolder(string cases)
{
    public string Cases { get; } = Path.GetFullPath(cases);

    public string Models => Beside("models");

    public string Input => Beside("input");

    public string Tokenizers => Beside("tokenizers");

    public string PathOf(params string[] parts) => Path.Combine([Cases, .. parts]);

    public bool Has(string relative) => Path.Exists(PathOf(relative));

    /// <summary>Reads JSON as it stands: no dates invented, integers of any size kept.</summary>
    public static JToken ReadJson(string path)
    {
        using var reader = new JsonTextReader(File.OpenText(path)) { DateParseHandling = DateParseHandling.None };
        return JToken.ReadFrom(reader);
    }

    private string Beside(string name) => Path.Combine(Path.GetDirectoryName(Cases)!, name);
}
