using Newtonsoft.Json.Linq;
using NodeHost.CustomNodes;
using NodeHost.Events;
using NodeHost.Nodes.Files;
using NodeHost.Security;
using NodeHost.Server;
using NodeHost.Tests.Server.Queue;

namespace NodeHost.Tests.Server.Api;

/// <summary>The document is about the routes that there are.</summary>
public sealed class OpenApiTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly ServerProcess _server = shared.Server;

    [Fact]
    public async Task Document_NamesEveryRouteAndNoOther()
    {
        var document = await _server.Http.GetJsonAsync("/openapi.json");
        var described = ((JObject)document["paths"]!)
            .Properties()
            .SelectMany(path => ((JObject)path.Value).Properties().Select(method => $"{method.Name} {path.Name}"));
        var mapped = (await MappedAsync())
            .Select(route =>
                $"{route.Method.ToLowerInvariant()} {route.Pattern.Replace("{**", "{", StringComparison.Ordinal)}"
            )
            .Distinct();
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Document_RefersOnlyToSchemasThatItHas()
    {
        var document = (JObject)await _server.Http.GetJsonAsync("/openapi.json");
        var schemas = ((JObject)document["components"]!["schemas"]!)
            .Properties()
            .Select(schema => schema.Name)
            .ToHashSet();
        var references = document
            .Descendants()
            .OfType<JProperty>()
            .Where(property => property.Name == "$ref")
            .Select(property => ((string)property.Value!).Split('/')[^1]);
        Assert.All(references, name => Assert.Contains(name, schemas));
    }

    [Fact]
    public async Task Page_ShowsTheDocument()
    {
        using var page = await _server.Http.GetAsync("/openapi");
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
        Assert.Contains("openapi.json", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>The routes of a server that is put together and never started.</summary>
    private static async Task<IReadOnlyList<(string Method, string Pattern)>> MappedAsync()
    {
        using var folder = new TemporaryFolder();
        using var queue = new QueueHarness();
        using var nodes = new NodeRuntime(
            () => throw new InvalidOperationException("no nodes are asked for"),
            () => throw new InvalidOperationException("nothing is run"),
            new FolderPaths(new FolderLayout { Models = folder.Path }.ToOptions()),
            new CustomNodePacks([])
        );
        await using var events = new EventHub();
        var options = new ServerOptions { User = folder.Path };
        await using var server = new NodeServer(
            new()
            {
                Options = options,
                Nodes = nodes,
                Keys = new ApiKeyStore(options.UserDirectory),
                Queue = queue.Queue,
                Events = events,
            }
        );
        return server.Routes.Routes;
    }
}
