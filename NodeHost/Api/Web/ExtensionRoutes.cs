using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.CustomNodes;
using NodeHost.Graph.Workflows;
using NodeHost.Server;

namespace NodeHost.Api.Web;

/// <summary>What packs bring for the browser: <c>/extensions</c>, <c>/i18n</c>, <c>/workflow_templates</c>.</summary>
internal static class ExtensionRoutes
{
    private static readonly EnumerationOptions Below = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
    };

    public static void Map(RouteTable routes, ServerServices services, FrontEnd frontEnd)
    {
        var packs = services.Nodes.Packs;
        routes.Get("/extensions", context => Reply.Json(context, Scripts(packs, frontEnd)));
        routes.Get("/i18n", context => Reply.Json(context, Texts(packs)));
        routes.Get("/workflow_templates", context => Reply.Json(context, Templates(packs)));
        // Only under /api, as ComfyUI.
        routes.Get(
            "/api/workflow_templates/{module}/{**file}",
            context =>
                packs.Find((string?)context.GetRouteValue("module") ?? "")?.TemplateFolder is { } folder
                    ? StaticFolder.SendAsync(context, folder, (string?)context.GetRouteValue("file") ?? "")
                    : Reply.Text(context, "404: Not Found", StatusCodes.Status404NotFound),
            underApi: false
        );
    }

    /// <summary>Addresses of all scripts that the frontend is to load.</summary>
    private static JArray Scripts(CustomNodePacks packs, FrontEnd frontEnd)
    {
        var own = frontEnd.Root is { } root
            ? Files(Path.Combine(root, "extensions"), "*.js").Select(file => $"/extensions/{file}")
            : [];
        var others = packs
            .Packs.Where(pack => pack.WebFolder is not null)
            .SelectMany(pack =>
                Files(pack.WebFolder!, "*.js").Select(file => $"/extensions/{Uri.EscapeDataString(pack.Name)}/{file}")
            );
        return new(own.Concat(others));
    }

    private static JObject Templates(CustomNodePacks packs)
    {
        var templates = new JObject();
        foreach (var pack in packs.Packs.Where(pack => pack.TemplateFolder is not null))
        {
            templates[pack.Name] = new JArray(
                Files(pack.TemplateFolder!, "*.json").Select(file => file[..^".json".Length])
            );
        }
        return templates;
    }

    /// <summary>The texts of all packs by language: <c>main.json</c>, and the other files under their names.</summary>
    private static JObject Texts(CustomNodePacks packs)
    {
        var texts = new JObject();
        foreach (var folder in packs.Packs.Select(pack => pack.LocaleFolder).OfType<string>())
        {
            foreach (var language in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            {
                var merged = new JObject { [Path.GetFileName(language)] = LanguageTexts(language) };
                texts.Merge(merged, new() { MergeArrayHandling = MergeArrayHandling.Replace });
            }
        }
        return texts;
    }

    private static JObject LanguageTexts(string folder)
    {
        var texts = Read(Path.Combine(folder, "main.json"));
        foreach (var name in (string[])["nodeDefs", "commands", "settings"])
        {
            if (Read(Path.Combine(folder, name + ".json")) is { Count: > 0 } part)
            {
                texts.Merge(new JObject { [name] = part });
            }
        }
        return texts;
    }

    // A pack's mistake costs its own texts only.
    private static JObject Read(string file)
    {
        try
        {
            return File.Exists(file) ? PromptJson.Parse(File.ReadAllText(file)) as JObject ?? [] : [];
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{file}: left out: {error.Message}");
            return [];
        }
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.Exists(folder)
            ? Directory
                .EnumerateFiles(folder, pattern, Below)
                .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal)
            : [];
}
