using System.Globalization;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;
using NodeHost.Queue;
using NodeHost.Server;

namespace NodeHost.Api;

/// <summary>A client that asks <c>?wait=true</c> and gets the result as the answer; <c>&amp;timeout=SECONDS</c> bounds its patience.</summary>
internal sealed record WaitRequest(TimeSpan? Timeout)
{
    /// <summary>Null for a client that does not wait.</summary>
    public static WaitRequest? Read(HttpRequest request)
    {
        if (request.Query["wait"].ToString() is not ("true" or "1"))
        {
            return null;
        }
        var timeout = request.Query["timeout"].ToString();
        if (timeout.Length == 0)
        {
            return new WaitRequest((TimeSpan?)null);
        }
        const double LongestWait = 24 * 3600;
        return
            double.TryParse(timeout, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and <= LongestWait
            ? new WaitRequest(TimeSpan.FromSeconds(seconds))
            : throw new RequestException(
                StatusCodes.Status400BadRequest,
                "invalid_timeout",
                "The time to wait is no number of seconds",
                $"timeout: expected 0 to {LongestWait}, got '{timeout}'."
            );
    }

    /// <summary>200 with the history entry beside the usual answer; 202 with the usual answer when time ran out; 410 when the job was taken back.</summary>
    public async Task AnswerAsync(HttpContext context, IJobQueue queue, string promptId, JObject answer)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        if (Timeout is { } timeout)
        {
            patience.CancelAfter(timeout);
        }
        HistoryEntry? entry;
        try
        {
            entry = await queue.WaitAsync(promptId, patience.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await Reply.Json(context, answer, StatusCodes.Status202Accepted);
            return;
        }
        if (entry is null)
        {
            throw new RequestException(StatusCodes.Status410Gone, "job_cancelled", "The job was taken back", promptId);
        }
        var result = (JObject)PromptJson.Parse(System.Text.Encoding.UTF8.GetString(entry.Json.Span));
        foreach (var part in (string[])["status", "outputs", "meta"])
        {
            answer[part] = result[part];
        }
        await Reply.Json(context, answer);
    }
}
