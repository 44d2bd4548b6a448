using System.Net.Http.Headers;
using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;
using NodeHost.Tests.Server;

namespace NodeHost.Golden.Sockets;

/// <summary>One step of a recorded sequence: a request with its answer, or something to wait for.</summary>
internal static class HttpStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Null when the server answers as recorded.</summary>
    public static async Task<string?> RunAsync(ServerProcess server, JToken step, GoldenFolder folder)
    {
        if (step["wait"] is JObject wait)
        {
            return await WaitAsync(server, wait);
        }
        using var request = Request(step, folder);
        using var response = await server.Http.SendAsync(request);
        return await AnswerComparison.DifferenceAsync(step, response, folder) is { } difference
            ? $"{step["method"]} {step["path"]}: {difference}"
            : null;
    }

    private static HttpRequestMessage Request(JToken step, GoldenFolder folder)
    {
        var request = new HttpRequestMessage(new HttpMethod((string)step["method"]!), (string)step["path"]!)
        {
            Content = Content(step, folder),
        };
        foreach (var (name, value) in (step["request_headers"] as JObject) ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, (string?)value);
        }
        return request;
    }

    private static HttpContent? Content(JToken step, GoldenFolder folder)
    {
        if (step["request_json"] is { } json)
        {
            return Text(PromptJson.Write(json), "application/json");
        }
        if (step["request_data"] is JValue { Value: string data })
        {
            return Text(data, (string?)step["request_content_type"]);
        }
        var fields = step["request_data"] as JObject;
        if (step["request_files"] is not JObject files)
        {
            return fields is null
                ? null
                : new FormUrlEncodedContent(
                    fields.Properties().Select(field => KeyValuePair.Create(field.Name, (string)field.Value!))
                );
        }
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields ?? [])
        {
            form.Add(new StringContent((string)value!), name);
        }
        foreach (var (name, file) in files)
        {
            var bytes = File.ReadAllBytes(Path.Combine(folder.Input, (string)file!["from"]!));
            var part = new ByteArrayContent(bytes);
            part.Headers.ContentType = new MediaTypeHeaderValue((string)file["content_type"]!);
            form.Add(part, name, (string)file["filename"]!);
        }
        return form;
    }

    private static ByteArrayContent Text(string text, string? contentType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        return content;
    }

    private static async Task<string?> WaitAsync(ServerProcess server, JObject wait)
    {
        var end = DateTime.UtcNow + Patience;
        while (!await IsThereAsync(server, wait))
        {
            if (DateTime.UtcNow > end)
            {
                return $"waited in vain for {PromptJson.Write(wait)}";
            }
            await Task.Delay(10);
        }
        return null;
    }

    private static async Task<bool> IsThereAsync(ServerProcess server, JObject wait) =>
        wait.Properties().Single() switch
        {
            { Name: "running" } running => (await server.Http.GetJsonAsync("/queue"))["queue_running"]!.Any(row =>
                JToken.DeepEquals(row[1], running.Value)
            ),
            { Name: "queue_remaining" } remaining => JToken.DeepEquals(
                (await server.Http.GetJsonAsync("/prompt"))["exec_info"]!["queue_remaining"],
                remaining.Value
            ),
            { Name: "history" } history => await server.Http.GetJsonAsync("/history") is JObject entries
                && history.Value.All(id => entries.ContainsKey((string)id!)),
            var other => throw new InvalidDataException($"This runner cannot wait for '{other.Name}'."),
        };
}
