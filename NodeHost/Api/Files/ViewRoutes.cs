using Microsoft.AspNetCore.Http;
using NodeHost.Images;
using NodeHost.Server;

namespace NodeHost.Api.Files;

/// <summary><c>/view</c>: pictures and other files of the input, output and temp folders.</summary>
internal static class ViewRoutes
{
    public static void Map(RouteTable routes, ServerServices services)
    {
        // A decoded picture may take most of a gigabyte: few at a time, and a core is left for the rest.
        var turns = new SemaphoreSlim(Math.Max(1, Environment.ProcessorCount - 1));
        routes.Get("/view", context => ViewAsync(context, services, turns));
    }

    private static Task ViewAsync(HttpContext context, ServerServices services, SemaphoreSlim turns)
    {
        var (request, status) = ViewRequest.Read(context.Request.Query, services.Folders);
        if (request is null)
        {
            return Reply.Empty(context, status);
        }
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return ViewConversion.Read(context.Request.Query) is { } conversion
            ? ConvertAsync(context, request, conversion, services.Options.Limits, turns)
            : SendAsync(context, request);
    }

    /// <summary>What could run in the name of this server is saved instead of shown.</summary>
    private static Task SendAsync(HttpContext context, ViewRequest request)
    {
        var type = MimeTypes.Of(request.Name);
        var asPicture = MimeTypes.IsDrawing(type) && context.Request.Headers["Sec-Fetch-Dest"] == "image";
        var active = MimeTypes.IsActive(type) && !asPicture;
        context.Response.Headers.ContentDisposition = FileReply.Disposition(request.Name, active ? "attachment; " : "");
        return FileReply.SendAsync(context, request.Path, active ? MimeTypes.Unknown : type);
    }

    private static async Task ConvertAsync(
        HttpContext context,
        ViewRequest request,
        ViewConversion conversion,
        RequestLimits limits,
        SemaphoreSlim turns
    )
    {
        var file = new FileInfo(request.Path);
        var tag = FileReply.Tag(file, $"-{conversion.Format}{conversion.Channel}{conversion.Quality}");
        context.Response.Headers.ContentDisposition = FileReply.Disposition(request.Name);
        if (FileReply.IsKnown(context, tag))
        {
            return;
        }
        byte[] converted;
        await turns.WaitAsync(context.RequestAborted);
        try
        {
            var picture = ImageDecoder.DecodeFile(request.Path, new DecodeLimits(limits.ImagePixels));
            converted = conversion.Apply(picture.Frames[0]);
        }
        catch (ImageException error)
        {
            throw new RequestException(
                StatusCodes.Status400BadRequest,
                "not_a_picture",
                "The picture cannot be shown",
                error.Message
            );
        }
        finally
        {
            turns.Release();
        }
        await FileReply.SendAsync(context, converted, conversion.ContentType, tag);
    }
}
