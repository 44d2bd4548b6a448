using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace NodeHost.Server;

/// <summary>Turns refusals into answers, says in plain text what no route answers, and keeps a failing route from anything but its own request.</summary>
internal static class ErrorMiddleware
{
    // The fence around all routes: whatever one throws ends its own request only.
    [SuppressMessage("Design", "CA1031", Justification = "See above.")]
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response is { ContentType: null, ContentLength: null })
            {
                await ExplainAsync(context);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested) { }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            var refusal = error switch
            {
                RequestException known => known,
                BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new(
                    StatusCodes.Status413PayloadTooLarge,
                    "body_too_large",
                    "The request body is larger than --max-upload-size allows"
                ),
                BadHttpRequestException bad => new(bad.StatusCode, "bad_request", bad.Message),
                _ => Unexpected(context, error),
            };
            context.Response.Clear();
            await Reply.Json(context, refusal.ToJson(), refusal.Status);
        }
    }

    private static Task ExplainAsync(HttpContext context) =>
        context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Reply.Text(context, "404: Not Found", StatusCodes.Status404NotFound),
            StatusCodes.Status405MethodNotAllowed => Reply.Text(
                context,
                "405: Method Not Allowed",
                StatusCodes.Status405MethodNotAllowed
            ),
            _ => Task.CompletedTask,
        };

    private static RequestException Unexpected(HttpContext context, Exception error)
    {
        Console.Error.WriteLine($"{context.Request.Method} {context.Request.Path}: {error}");
        return new(500, "internal_error", $"{error.GetType().Name}: {error.Message}");
    }
}
