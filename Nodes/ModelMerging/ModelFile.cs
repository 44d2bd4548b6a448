using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Saving;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Images;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>A model file in the output folder, with the workflow that made it in its header.</summary>
internal sealed class ModelFile
{
    private readonly SaveSequence _sequence;
    private readonly IReadOnlyList<KeyValuePair<string, string>> _workflow;

    public ModelFile(NodeContext context, string prefix, JObject? prompt, JToken? extra)
    {
        var paths = context.Get<IFolderPaths>();
        _sequence = paths.BeginSave(FolderKind.Output, prefix);
        _workflow = paths.EmbedsMetadata ? [.. Workflow(prompt, extra)] : [];
    }

    /// <summary>The name of the file without its ending, as a title.</summary>
    public string Title => _sequence.NextTitle;

    /// <summary>Writes the tensors one by one.</summary>
    public void Write(IReadOnlyList<SavedWeight> weights, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        var named = weights.ToDictionary(weight => weight.Key, StringComparer.Ordinal);
        var entries = weights.Select(weight => new SafetensorsEntry(weight.Key, weight.DType, [.. weight.Shape]));
        var texts = new Dictionary<string, string>(metadata);
        foreach (var (name, text) in _workflow)
        {
            texts[name] = text;
        }
        _sequence.Write(
            ".safetensors",
            stream => SafetensorsWriter.Save(stream, entries, key => named[key].Read(), texts)
        );
    }

    private static IEnumerable<KeyValuePair<string, string>> Workflow(JObject? prompt, JToken? extra)
    {
        yield return new("prompt", prompt is null ? "" : AsciiJson.Write(prompt));
        foreach (var member in (extra as JObject)?.Properties() ?? [])
        {
            yield return new(member.Name, AsciiJson.Write(member.Value));
        }
    }
}
