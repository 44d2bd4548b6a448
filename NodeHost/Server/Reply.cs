using System.Text;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Server;

/// <summary>Writes answers as ComfyUI does.</summary>
internal static class Reply
{
    private const string JsonType = "application/json; charset=utf-8";

    /// <summary>Strict JSON: what is no number becomes null.</summary>
    public static Task Json(HttpContext context, JToken body, int status = StatusCodes.Status200OK) =>
        Write(context, Encoding.UTF8.GetBytes(PromptJson.Write(body)), JsonType, status);

    /// <summary>JSON that is text already.</summary>
    public static Task JsonText(HttpContext context, ReadOnlyMemory<byte> utf8, int status = StatusCodes.Status200OK) =>
        Write(context, utf8, JsonType, status);

    public static Task Text(HttpContext context, string body, int status = StatusCodes.Status200OK) =>
        Write(context, Encoding.UTF8.GetBytes(body), "text/plain; charset=utf-8", status);

    /// <summary>No body, with the type and length that ComfyUI's empty answers have.</summary>
    public static Task Empty(HttpContext context, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        if (status != StatusCodes.Status204NoContent)
        {
            context.Response.ContentType = "application/octet-stream";
            context.Response.ContentLength = 0;
        }
        return Task.CompletedTask;
    }

    private static Task Write(HttpContext context, ReadOnlyMemory<byte> body, string contentType, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
