using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;
using NodeHost.Images;
using NodeHost.Nodes.Files;
using NodeHost.Server;

namespace NodeHost.Api.Files;

/// <summary><c>/upload/image</c> and <c>/upload/mask</c>.</summary>
internal static class UploadRoutes
{
    public static void Map(RouteTable routes, ServerServices services)
    {
        var store = new UploadStore(services.Options.HashingFunction);
        routes.Post("/upload/image", context => UploadImageAsync(context, services, store));
        routes.Post("/upload/mask", context => UploadMaskAsync(context, services, store));
    }

    private static async Task UploadImageAsync(HttpContext context, ServerServices services, UploadStore store)
    {
        if (await UploadForm.ReadAsync(context, services) is not { } form)
        {
            await Reply.Empty(context, StatusCodes.Status400BadRequest);
            return;
        }
        if (MimeTypes.IsRaster(form.File.FileName))
        {
            Inspect(await ReadAsync(form.File, context.RequestAborted), form.File.FileName, services.Options.Limits);
        }
        var name = await store.SaveAsync(
            form.Directory,
            form.File.FileName,
            form.Overwrites,
            stream => form.File.CopyToAsync(stream, context.RequestAborted),
            context.RequestAborted
        );
        await AnswerAsync(context, form, name);
    }

    private static async Task UploadMaskAsync(HttpContext context, ServerServices services, UploadStore store)
    {
        if (await UploadForm.ReadAsync(context, services) is not { OriginalReference: { } reference } form)
        {
            await Reply.Empty(context, StatusCodes.Status400BadRequest);
            return;
        }
        var original = MaskedOriginal.Find(reference, services.Folders);
        var mask = await ReadAsync(form.File, context.RequestAborted);
        var picture = Decode(() =>
            MaskedOriginal.Combine(original, mask, new DecodeLimits(services.Options.Limits.ImagePixels))
        );
        var name = await store.SaveAsync(
            form.Directory,
            form.File.FileName,
            form.Overwrites,
            stream => stream.WriteAsync(picture, context.RequestAborted).AsTask(),
            context.RequestAborted
        );
        await AnswerAsync(context, form, name);
    }

    private static void Inspect(byte[] content, string name, RequestLimits limits) =>
        Decode(() =>
        {
            ImageDecoder.Inspect(content, name, new DecodeLimits(limits.ImagePixels));
            return content;
        });

    private static byte[] Decode(Func<byte[]> decode)
    {
        try
        {
            return decode();
        }
        catch (ImageException error)
        {
            throw new RequestException(
                StatusCodes.Status400BadRequest,
                "not_a_picture",
                "The picture is refused",
                error.Message
            );
        }
    }

    private static async Task<byte[]> ReadAsync(IFormFile file, CancellationToken cancellation)
    {
        using var content = new MemoryStream(checked((int)file.Length));
        await file.CopyToAsync(content, cancellation);
        return content.ToArray();
    }

    private static Task AnswerAsync(HttpContext context, UploadForm form, string name) =>
        Reply.Json(
            context,
            new JObject
            {
                ["name"] = name,
                ["subfolder"] = form.Subfolder,
                ["type"] = form.Kind.WireName(),
            }
        );
}
