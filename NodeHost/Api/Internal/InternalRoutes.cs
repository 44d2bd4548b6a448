using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Newtonsoft.Json.Linq;
using NodeHost.Nodes.Files;
using NodeHost.Server;

namespace NodeHost.Api.Internal;

/// <summary><c>/internal</c>: the log, folders and newest files, for the frontend. These are not doubled under <c>/api</c>.</summary>
internal static class InternalRoutes
{
    private const int Columns = 80;
    private const int Rows = 24;

    public static void Map(RouteTable routes, ServerServices services)
    {
        var log = services.Log;
        routes.Get("/internal/logs", context => Reply.Json(context, new JValue(Text(log))), underApi: false);
        routes.Get("/internal/logs/raw", context => Reply.Json(context, Describe(log.Entries)), underApi: false);
        routes.Get(
            "/internal/folder_paths",
            context => Reply.Json(context, Folders(services.Folders)),
            underApi: false
        );
        routes.Get("/internal/files/{directory}", context => FilesAsync(context, services.Folders), underApi: false);
        MapSubscriptions(routes, services);
    }

    private static void MapSubscriptions(RouteTable routes, ServerServices services)
    {
        var subscribers = new ConcurrentDictionary<string, bool>();
        services.Log.Written += entry =>
        {
            foreach (var client in subscribers.Keys)
            {
                services.Events.Send(client, "logs", Describe([entry]));
            }
        };
        routes.Patch(
            "/internal/logs/subscribe",
            async context =>
            {
                var body = await JsonBody.ReadObjectAsync(context);
                if (body["clientId"] is JValue { Value: string { Length: > 0 } client })
                {
                    _ = body["enabled"] is JValue { Value: true }
                        ? subscribers.TryAdd(client, true)
                        : subscribers.TryRemove(client, out _);
                }
                await Reply.Empty(context);
            },
            underApi: false
        );
    }

    private static string Text(LogRing log) =>
        string.Concat(log.Entries.Select(entry => $"{Time(entry)} - {entry.Text}"));

    private static JObject Describe(IEnumerable<LogEntry> entries) =>
        new()
        {
            ["entries"] = new JArray(entries.Select(entry => new JObject { ["t"] = Time(entry), ["m"] = entry.Text })),
            ["size"] = new JObject { ["cols"] = Columns, ["rows"] = Rows },
        };

    private static string Time(LogEntry entry) =>
        entry.Time.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static JObject Folders(IFolderPaths folders)
    {
        var paths = new JObject();
        foreach (var key in folders.ModelKeys)
        {
            paths[key] = new JArray(folders.ModelFolders(key));
        }
        return paths;
    }

    private static Task FilesAsync(HttpContext context, IFolderPaths folders)
    {
        if (FolderKinds.Parse((string?)context.GetRouteValue("directory")) is not { } kind)
        {
            return Reply.Json(
                context,
                new JObject { ["error"] = "Invalid directory type" },
                StatusCodes.Status400BadRequest
            );
        }
        var folder = new DirectoryInfo(folders.Directory(kind));
        var names = folder.Exists
            ? folder
                .EnumerateFiles("*", new EnumerationOptions { AttributesToSkip = FileAttributes.Hidden })
                .OrderByDescending(file => file.LastWriteTimeUtc)
                .Select(file => file.Name)
            : [];
        return Reply.Json(context, new JArray(names));
    }
}
