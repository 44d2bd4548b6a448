using System.Net;
using System.Security.Cryptography;
using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Tests.Server.Webhooks;

/// <summary>Calls to whoever asked to be called, to a real receiver.</summary>
public sealed class WebhookTests : IAsyncLifetime, IDisposable
{
    private const string Secret = "only we two know";

    private readonly HttpListener _receiver = new();
    private string _address = "";
    private ServerProcess _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartAsync();
        for (var port = Random.Shared.Next(20_000, 60_000); ; port++)
        {
            try
            {
                _address = $"http://127.0.0.1:{port}/done/";
                _receiver.Prefixes.Add(_address);
                _receiver.Start();
                return;
            }
            catch (HttpListenerException)
            {
                _receiver.Prefixes.Clear();
            }
        }
    }

    public async Task DisposeAsync()
    {
        _receiver.Close();
        await _server.DisposeAsync();
    }

    public void Dispose() => ((IDisposable)_receiver).Dispose();

    [Fact]
    public async Task EndedJob_IsToldWithASignature()
    {
        var request = Graphs.Request(Graphs.Trivial(501));
        request["webhook"] = new JObject { ["url"] = _address, ["secret"] = Secret };
        var id = await _server.QueueAsync(request);

        var (call, body) = await ReceiveAsync(HttpStatusCode.OK);
        var told = PromptJson.Parse(body);
        Assert.Equal(id, (string?)told["prompt_id"]);
        Assert.Equal("success", (string?)told["status"]!["status_str"]);
        Assert.Equal("temp", (string?)told["outputs"]!["2"]!["images"]![0]!["type"]);
        var signed = $"{call.Headers["X-NodeHost-Timestamp"]}.{body}";
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(signed));
        Assert.Equal($"sha256={Convert.ToHexStringLower(expected)}", call.Headers["X-NodeHost-Signature"]);
    }

    [Fact]
    public async Task ReceiverThatFails_IsCalledAgain()
    {
        var request = Graphs.Request(Graphs.Trivial(502));
        request["extra_data"] = new JObject { ["webhook"] = _address };
        var id = await _server.QueueAsync(request);
        await ReceiveAsync(HttpStatusCode.ServiceUnavailable);
        var (call, body) = await ReceiveAsync(HttpStatusCode.OK);
        Assert.Equal(id, (string?)PromptJson.Parse(body)["prompt_id"]);
        Assert.Null(call.Headers["X-NodeHost-Signature"]);
    }

    [Fact]
    public async Task OwedCall_IsMadeAfterTheServerWasKilled()
    {
        var request = Graphs.Request(Graphs.Trivial(503));
        request["webhook"] = new JObject { ["url"] = _address, ["secret"] = Secret };
        var id = await _server.QueueAsync(request);
        await ReceiveAsync(HttpStatusCode.InternalServerError);
        _server.Kill();
        await using var second = await ServerProcess.StartInAsync(_server.Folder);
        var (_, body) = await ReceiveAsync(HttpStatusCode.OK);
        Assert.Equal(id, (string?)PromptJson.Parse(body)["prompt_id"]);
    }

    [Fact]
    public async Task Secret_IsNowhereToBeRead()
    {
        var request = Graphs.Request(Graphs.Trivial(504));
        request["extra_data"] = new JObject
        {
            ["webhook"] = new JObject { ["url"] = _address, ["secret"] = Secret },
        };
        var id = await _server.QueueAsync(request);
        await ReceiveAsync(HttpStatusCode.OK);
        foreach (var path in (string[])["/queue", "/history", $"/api/jobs/{id}"])
        {
            Assert.DoesNotContain(Secret, await _server.Http.GetStringAsync(path), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"ftp://example.org/\"")]
    [InlineData("\"http://user:word@example.org/\"")]
    [InlineData("{\"url\":\"no address\"}")]
    [InlineData("5")]
    public async Task BadWebhook_IsRefused(string webhook)
    {
        var request = Graphs.Request(Graphs.Trivial(505));
        request["webhook"] = PromptJson.Parse(webhook);
        using var response = await _server.Http.PostJsonAsync("/prompt", request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_webhook", (string?)(await response.ReadJsonAsync())["error"]!["type"]);
    }

    private async Task<(HttpListenerRequest Call, string Body)> ReceiveAsync(HttpStatusCode answer)
    {
        var context = await _receiver.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(30));
        using var reader = new StreamReader(context.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        context.Response.StatusCode = (int)answer;
        context.Response.Close();
        return (context.Request, body);
    }
}
