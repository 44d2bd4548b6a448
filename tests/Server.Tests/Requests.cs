namespace NodeHost.Tests.Server;

/// <summary>Requests with headers as they are given, right or wrong.</summary>
internal static class Requests
{
    public static HttpRequestMessage Create(string method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return request;
    }
}
