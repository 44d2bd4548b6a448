using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Newtonsoft.Json.Linq;
using NodeHost.Api.Files;
using NodeHost.Nodes.Files;
using NodeHost.Server;

namespace NodeHost.Api.Models;

/// <summary>Which models there are: <c>/models</c>, <c>/embeddings</c>, <c>/view_metadata</c>, <c>/experiment/models</c>.</summary>
internal static class ModelRoutes
{
    public static void Map(RouteTable routes, ServerServices services)
    {
        var folders = services.Folders;
        routes.Get("/embeddings", context => Reply.Json(context, Embeddings(folders)));
        routes.Get("/models", context => Reply.Json(context, new JArray(folders.ModelKeys)));
        routes.Get("/models/{folder}", context => ListAsync(context, folders));
        routes.Get("/view_metadata/{folder}", context => MetadataAsync(context, folders));
        routes.Get("/experiment/models", context => Reply.Json(context, ModelLibrary.Folders(folders)));
        routes.Get("/experiment/models/{folder}", context => LibraryAsync(context, folders));
        routes.Get(
            "/experiment/models/preview/{folder}/{path_index}/{**filename}",
            context => PreviewAsync(context, services)
        );
    }

    private static JArray Embeddings(IFolderPaths folders) =>
        new(folders.ModelFiles("embeddings").Select(name => Path.ChangeExtension(name, null)));

    private static Task ListAsync(HttpContext context, IFolderPaths folders) =>
        Key(context, folders) is { } key
            ? Reply.Json(context, new JArray(folders.ModelFiles(key)))
            : Reply.Empty(context, StatusCodes.Status404NotFound);

    private static Task LibraryAsync(HttpContext context, IFolderPaths folders) =>
        Key(context, folders) is { } key
            ? Reply.Json(context, ModelLibrary.Files(folders, key))
            : Reply.Empty(context, StatusCodes.Status404NotFound);

    private static Task MetadataAsync(HttpContext context, IFolderPaths folders)
    {
        var name = context.Request.Query["filename"].ToString();
        var metadata =
            name.EndsWith(".safetensors", StringComparison.Ordinal)
            && folders.Find(Value(context, "folder"), name) is { } path
                ? SafetensorsMetadata.Read(path)
                : null;
        return metadata is null ? Reply.Empty(context, StatusCodes.Status404NotFound) : Reply.Json(context, metadata);
    }

    private static Task PreviewAsync(HttpContext context, ServerServices services)
    {
        var roots = services.Folders.ModelFolders(Value(context, "folder"));
        var name = Uri.UnescapeDataString(Value(context, "filename"));
        return
            int.TryParse(Value(context, "path_index"), out var index)
            && index >= 0
            && index < roots.Count
            && ModelPreview.Make(roots[index], name, services.Options.Limits) is { } picture
            ? FileReply.SendAsync(context, picture.Content, "image/webp", picture.Tag)
            : Reply.Empty(context, StatusCodes.Status404NotFound);
    }

    // The old names of folders are not taken here: only what the list of keys has.
    private static string? Key(HttpContext context, IFolderPaths folders) =>
        Value(context, "folder") is var key && folders.ModelKeys.Contains(key) ? key : null;

    private static string Value(HttpContext context, string name) => (string?)context.GetRouteValue(name) ?? "";
}
