using Newtonsoft.Json.Linq;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes;
using NodeHost.Tests.Shared;

namespace NodeHost.Tests.Nodes.Catalogue;

public sealed class ObjectInfoTests
{
    private static readonly NodeCatalogue All = new([typeof(NodeSocketTypes).Assembly], NodeSocketTypes.Create());

    /// <summary>ComfyUI 0.3.64's own entries, one file per group of families.</summary>
    public static TheoryData<string> RecordedFiles { get; } =
    [.. Directory.GetFiles(RecordedFolder, "*.json").Select(path => Path.GetFileName(path))];

    private static string RecordedFolder => Path.Combine(AppContext.BaseDirectory, "Catalogue");

    [Theory]
    [MemberData(nameof(RecordedFiles))]
    public void ObjectInfo_RecordedNodes_EqualComfyUis(string file)
    {
        var recorded = JObject.Parse(File.ReadAllText(Path.Combine(RecordedFolder, file)));

        Assert.Empty(Differences(recorded, recorded.Properties().Select(property => property.Name)));
    }

    [Fact]
    public void Definitions_EveryClass_CanBeRead()
    {
        _ = All.Definitions.Count();

        Assert.Empty(All.Problems);
    }

    [GoldenFact]
    public void ObjectInfo_NodesThatComfyUiHasToo_EqualComfyUis()
    {
        var golden = JObject.Parse(File.ReadAllText(Golden.PathOf("object_info.json")));

        Assert.Empty(Differences(golden, All.ClassTypes.Where(name => golden.ContainsKey(name))));
    }

    private static IEnumerable<string> Differences(JObject expected, IEnumerable<string> names) =>
        names.SelectMany(name =>
            All.ObjectInfo(name, EmptyServices.Instance)[name] is { } entry
                ? ObjectInfoComparer.Differences(expected[name]!, entry).Select(line => $"{name} {line}")
                : [$"{name} is missing"]
        );
}
