using Newtonsoft.Json.Linq;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Workflows;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes;

/// <summary>
/// Every node looks to clients as ComfyUI's own does. <c>object_info.json</c> beside this file holds ComfyUI's entries for
/// the nodes NodeHost has; <c>intended-differences.json</c> says where, and why, an entry differs on purpose.
/// </summary>
public sealed class CatalogueTests
{
    private static readonly JObject Expected = Read("object_info.json");
    private static readonly JObject Intended = Read("intended-differences.json");

    [Fact]
    public void Definitions_AllNodes_CanBeRead()
    {
        var catalogue = NodePack.CreateCatalogue();

        Assert.NotEmpty(catalogue.Definitions);
        Assert.Empty(catalogue.Problems);
    }

    [Fact]
    public void ObjectInfo_EveryNode_EqualsComfyUis()
    {
        using var folder = new TemporaryFolder();
        var info = NodePack.CreateCatalogue().ObjectInfo(NodePack.CreateServices(Layout(folder)));

        var differences = info.Properties().SelectMany(entry => Differences(entry.Name, entry.Value)).ToArray();

        Assert.Empty(differences);
    }

    [Fact]
    public void IntendedDifferences_EveryEntry_IsStillNeededAndExplained()
    {
        using var folder = new TemporaryFolder();
        var info = NodePack.CreateCatalogue().ObjectInfo(NodePack.CreateServices(Layout(folder)));
        foreach (var (node, differences) in Intended)
        {
            foreach (var (path, reason) in (JObject)differences!)
            {
                Assert.False(string.IsNullOrWhiteSpace((string?)reason), $"{node} {path}: no reason given");
                Assert.True(
                    Expected[node] is not { } expected
                        || ObjectInfoComparer
                            .Differences(expected, info[node]!)
                            .Any(line => line.StartsWith(path, StringComparison.Ordinal)),
                    $"{node} {path}: does not differ any more"
                );
            }
        }
    }

    [GoldenFact]
    public void ObjectInfoCopy_EveryEntry_IsWhatComfyUiSays()
    {
        var golden = (JObject)PromptJson.Parse(File.ReadAllText(Golden.PathOf("object_info.json")));
        golden.Merge(PromptJson.Parse(File.ReadAllText(Golden.PathOf("object_info_fluxspace.json"))));
        // A listing of files, which the copy leaves empty as ComfyUI's own entries do.
        golden["LoraLoaderStepGated"]!["input"]!["required"]!["lora_name"]![0] = new JArray();

        foreach (var (node, entry) in Expected)
        {
            Assert.True(JToken.DeepEquals(golden[node], entry), $"{node}: the copy differs from the golden entry");
        }
    }

    private static FolderLayout Layout(TemporaryFolder folder) =>
        new()
        {
            Models = folder.Path,
            Input = folder.Path,
            Output = folder.Path,
            Temp = folder.Path,
        };

    private static IEnumerable<string> Differences(string node, JToken entry)
    {
        var reasons = Intended[node] as JObject;
        if (Expected[node] is not { } expected)
        {
            return reasons?["*"] is null
                ? [$"{node}: ComfyUI has no such node, and no reason is given for having it"]
                : [];
        }
        return ObjectInfoComparer
            .Differences(expected, entry)
            .Where(line =>
                reasons is null
                || !reasons.Properties().Any(reason => line.StartsWith(reason.Name, StringComparison.Ordinal))
            )
            .Select(line => $"{node} {line}");
    }

    private static JObject Read(string file) =>
        (JObject)PromptJson.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file)));
}
