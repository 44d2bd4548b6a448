using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NodeHost.Tests.Server.Security;

/// <summary>Public addresses, TLS and CORS of servers that are started for it.</summary>
public sealed class ExposureTests
{
    [Fact]
    public async Task Start_OnAPublicAddressWithoutAKey_IsRefused()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync("--listen"));
        Assert.Contains("ended with 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("--i-know-this-is-open", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAPublicAddressThatIsKnownToBeOpen_Answers()
    {
        await using var server = await ServerProcess.StartAsync("--listen", "--i-know-this-is-open");
        using var http = new HttpClient();
        using var response = await http.GetAsync($"http://127.0.0.1:{server.Address.Port}/features");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Tls_WithCertificateFiles_AnswersOverHttps()
    {
        using var folder = new TemporaryFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        File.WriteAllText(folder.File("cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());

        await using var server = await ServerProcess.StartAsync(
            "--tls-certfile",
            folder.File("cert.pem"),
            "--tls-keyfile",
            folder.File("key.pem")
        );

        Assert.Equal("https", server.Address.Scheme);
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, served, _, _) =>
                served!.Thumbprint == certificate.Thumbprint,
        };
        using var http = new HttpClient(handler) { BaseAddress = server.Address };
        using var response = await http.GetAsync("/features");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("--tls-certfile", "none.pem")]
    [InlineData("--tls-certfile", "none.pem", "--tls-keyfile", "none.pem")]
    public async Task Tls_WithoutItsFiles_IsExplained(params string[] arguments)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync(arguments));
        Assert.Contains("ended with 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("--tls-keyfile", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cors_ForOneOrigin_LetsThatOneInAndNoOther()
    {
        await using var server = await ServerProcess.StartAsync("--enable-cors-header", "https://app.example");

        using var allowed = await server.Http.SendAsync(
            Requests.Create("GET", "/features", ("Origin", "https://app.example"))
        );
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(["https://app.example"], allowed.Headers.GetValues("Access-Control-Allow-Origin"));
        using var preflight = await server.Http.SendAsync(
            Requests.Create("OPTIONS", "/prompt", ("Origin", "https://app.example"))
        );
        Assert.Equal(HttpStatusCode.OK, preflight.StatusCode);
        Assert.Contains(
            "Authorization",
            preflight.Headers.GetValues("Access-Control-Allow-Headers").Single(),
            StringComparison.Ordinal
        );
        using var foreign = await server.Http.SendAsync(
            Requests.Create("GET", "/features", ("Origin", "https://evil.example"))
        );
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    [Fact]
    public async Task Cors_ForEveryOrigin_StillWantsJsonToBeCalledSo()
    {
        await using var server = await ServerProcess.StartAsync("--enable-cors-header");
        foreach (var (type, refused) in ((string, bool)[])[("text/plain", true), ("application/json", false)])
        {
            using var request = Requests.Create("POST", "/prompt", ("Origin", "https://evil.example"));
            request.Content = new StringContent("{}", null, type);
            using var response = await server.Http.SendAsync(request);
            Assert.Equal(refused, response.StatusCode == HttpStatusCode.UnsupportedMediaType);
        }
    }
}
