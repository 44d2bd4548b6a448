using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Folders;

namespace NodeHost.Api.Users;

/// <summary>A user's settings: one JSON object, changed by one request at a time.</summary>
internal sealed class SettingsFile
{
    private const string Name = "comfy.settings.json";

    private readonly Lock _lock = new();

    public JObject Read(string userFolder)
    {
        lock (_lock)
        {
            return Load(userFolder);
        }
    }

    /// <summary>Adds the entries, replacing those of the same name.</summary>
    public void Merge(string userFolder, IEnumerable<KeyValuePair<string, JToken?>> entries)
    {
        lock (_lock)
        {
            var settings = Load(userFolder);
            foreach (var (name, value) in entries)
            {
                settings[name] = value;
            }
            AtomicFile.Write(Path.Combine(userFolder, Name), Encoding.UTF8.GetBytes(Write(settings)));
        }
    }

    // What cannot be read counts as nothing, as in ComfyUI; the next change replaces it.
    private static JObject Load(string userFolder)
    {
        var file = Path.Combine(userFolder, Name);
        try
        {
            return File.Exists(file) ? Graph.Workflows.PromptJson.Parse(File.ReadAllText(file)) as JObject ?? [] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string Write(JObject settings)
    {
        using var text = new StringWriter();
        using var writer = new JsonTextWriter(text) { Formatting = Formatting.Indented, Indentation = 4 };
        settings.WriteTo(writer);
        writer.Flush();
        return text.ToString();
    }
}
