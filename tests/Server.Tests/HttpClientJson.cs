using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Tests.Server;

/// <summary>JSON over HTTP, the way each test needs it.</summary>
internal static class HttpClientJson
{
    public static async Task<JToken> ReadJsonAsync(this HttpResponseMessage response) =>
        PromptJson.Parse(await response.Content.ReadAsStringAsync());

    public static async Task<JToken> GetJsonAsync(this HttpClient http, string path)
    {
        using var response = await http.GetAsync(path);
        response.EnsureSuccessStatusCode();
        return await response.ReadJsonAsync();
    }

    /// <summary>Posts text; no content type goes out when it is null.</summary>
    public static async Task<HttpResponseMessage> PostTextAsync(
        this HttpClient http,
        string path,
        string body,
        string? contentType = "application/json"
    )
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        return await http.PostAsync(path, content);
    }

    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient http, string path, JToken body) =>
        http.PostTextAsync(path, PromptJson.Write(body));
}
