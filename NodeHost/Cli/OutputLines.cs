using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Events;

namespace NodeHost.Cli;

/// <summary>Prints a JSON line on stdout for every file that a node wrote, as soon as it is written.</summary>
/// <param name="folderOf">The folder that a file type (<c>output</c>, <c>temp</c>) stands for.</param>
/// <param name="writer">Where the lines go.</param>
/// <param name="words">Where people read the paths too, if anywhere.</param>
internal sealed class OutputLines(Func<string, string?> folderOf, TextWriter writer, TextWriter? words)
{
    public void Print(NodeExecuted executed)
    {
        foreach (var file in executed.Output?.PropertyValues().OfType<JArray>().SelectMany(items => items) ?? [])
        {
            if (
                file is JObject members
                && members.Value<string>("filename") is { } name
                && members.Value<string>("type") is { } type
                && folderOf(type) is { } folder
            )
            {
                var subfolder = members.Value<string>("subfolder") ?? "";
                var line = new JObject
                {
                    ["node"] = executed.NodeId,
                    ["type"] = type,
                    ["subfolder"] = subfolder,
                    ["filename"] = name,
                    ["path"] = Path.Combine(folder, subfolder, name),
                };
                writer.WriteLine(line.ToString(Formatting.None));
                words?.WriteLine($"the picture is at {line["path"]}");
            }
        }
    }
}
