using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;
using NodeHost.Api.Files;
using NodeHost.Folders;
using NodeHost.Nodes.Files;
using NodeHost.Server;

namespace NodeHost.Api.Users;

/// <summary><c>/userdata</c>: a user's own files, workflows above all. The name is one segment, slashes in it are sent as <c>%2F</c>.</summary>
internal static class UserDataRoutes
{
    public static void Map(RouteTable routes, UserFolders users)
    {
        routes.Get("/userdata", context => ListAsync(context, users));
        routes.Get("/v2/userdata", context => TreeAsync(context, users));
        routes.Get("/userdata/{file}", context => GetAsync(context, users));
        routes.Post("/userdata/{file}", context => SaveAsync(context, users));
        routes.Delete("/userdata/{file}", context => DeleteAsync(context, users));
        routes.Post("/userdata/{file}/move/{destination}", context => MoveAsync(context, users));
    }

    private static Task ListAsync(HttpContext context, UserFolders users)
    {
        var query = context.Request.Query;
        var folder = query["dir"].ToString();
        var root = users.Require(context.Request);
        if (folder.Length == 0)
        {
            return Reply.Text(context, "Directory not provided", StatusCodes.Status400BadRequest);
        }
        if (PathGuard.Resolve(root, folder) is not { } path)
        {
            return Reply.Text(context, "Invalid directory", StatusCodes.Status403Forbidden);
        }
        return Directory.Exists(path)
            ? Reply.Json(context, UserDataListing.Files(path, IsSet("recurse"), IsSet("full_info"), IsSet("split")))
            : Reply.Text(context, "Directory not found", StatusCodes.Status404NotFound);

        bool IsSet(string name) => query[name].ToString().Equals("true", StringComparison.OrdinalIgnoreCase);
    }

    private static Task TreeAsync(HttpContext context, UserFolders users)
    {
        if (users.Find(context.Request) is not { } root)
        {
            return Reply.Text(context, "Invalid user specified in request", StatusCodes.Status403Forbidden);
        }
        var given = RawPath.Decode(context.Request.Query["path"].ToString());
        if (PathGuard.Resolve(root, given) is not { } path)
        {
            return Reply.Text(context, "Invalid path requested", StatusCodes.Status400BadRequest);
        }
        return Directory.Exists(path) ? Reply.Json(context, UserDataListing.Tree(root, path))
            : File.Exists(path)
                ? Reply.Text(context, "Requested path is not a directory", StatusCodes.Status400BadRequest)
            : given.Length == 0 ? Reply.Json(context, new JArray())
            : Reply.Text(context, "Requested path not found", StatusCodes.Status404NotFound);
    }

    private static Task GetAsync(HttpContext context, UserFolders users)
    {
        var path = Resolve(context, users, "userdata", out var status);
        if (path is null || !File.Exists(path))
        {
            return Reply.Empty(context, path is null ? status : StatusCodes.Status404NotFound);
        }
        var name = Path.GetFileName(path);
        context.Response.Headers.XContentTypeOptions = "nosniff";
        // The frontend's own style sheet is the one active file that a page links to.
        if (name != "user.css" && MimeTypes.IsActive(MimeTypes.Of(name)))
        {
            context.Response.Headers.ContentDisposition = FileReply.Disposition(name, "attachment; ");
        }
        return FileReply.SendAsync(context, path, MimeTypes.Of(name));
    }

    private static async Task SaveAsync(HttpContext context, UserFolders users)
    {
        var path = Resolve(context, users, "userdata", out var status);
        if (path is null)
        {
            await Reply.Empty(context, status);
            return;
        }
        if (IsTaken(context, path))
        {
            await Reply.Text(context, "File already exists", StatusCodes.Status409Conflict);
            return;
        }
        await ChangeAsync(path, () => AtomicFile.WriteAsync(path, context.Request.Body, context.RequestAborted));
        await AnswerAsync(context, users, path);
    }

    private static Task DeleteAsync(HttpContext context, UserFolders users)
    {
        var path = Resolve(context, users, "userdata", out var status);
        if (path is null || !File.Exists(path))
        {
            return Reply.Empty(context, path is null ? status : StatusCodes.Status404NotFound);
        }
        File.Delete(path);
        return Reply.Empty(context, StatusCodes.Status204NoContent);
    }

    private static async Task MoveAsync(HttpContext context, UserFolders users)
    {
        var source = Resolve(context, users, "userdata", out var status);
        if (source is null || !File.Exists(source))
        {
            await Reply.Empty(context, source is null ? status : StatusCodes.Status404NotFound);
            return;
        }
        var destination = Resolve(context, users, "move", out status);
        if (destination is null)
        {
            await Reply.Empty(context, status);
            return;
        }
        if (IsTaken(context, destination))
        {
            await Reply.Text(context, "File already exists", StatusCodes.Status409Conflict);
            return;
        }
        await ChangeAsync(
            destination,
            () =>
            {
                Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
                File.Move(source, destination, overwrite: true);
                return Task.CompletedTask;
            }
        );
        await AnswerAsync(context, users, destination);
    }

    private static string? Resolve(HttpContext context, UserFolders users, string marker, out int status)
    {
        var name = RawPath.Segment(context, marker);
        status = name.Length == 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status403Forbidden;
        var root = users.Require(context.Request);
        return name.Length > 0 && PathGuard.Resolve(root, name) is { } path && path != root ? path : null;
    }

    // Anything but "false" means yes: the frontend may send "undefined".
    private static bool IsTaken(HttpContext context, string path) =>
        context.Request.Query["overwrite"].ToString().Equals("false", StringComparison.OrdinalIgnoreCase)
        && Path.Exists(path);

    private static async Task ChangeAsync(string path, Func<Task> change)
    {
        try
        {
            await change();
        }
        // A body that is too large is an IOException as well, with an answer of its own.
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException && error is not BadHttpRequestException)
        {
            throw new RequestException(
                400,
                "not_saved",
                $"'{Path.GetFileName(path)}' could not be saved",
                error.Message
            );
        }
    }

    private static Task AnswerAsync(HttpContext context, UserFolders users, string path)
    {
        var relative = Path.GetRelativePath(users.Require(context.Request), path).Replace('\\', '/');
        var full = context.Request.Query["full_info"].ToString().Equals("true", StringComparison.OrdinalIgnoreCase);
        return Reply.Json(
            context,
            full ? UserDataListing.Describe(new FileInfo(path), relative) : new JValue(relative)
        );
    }
}
