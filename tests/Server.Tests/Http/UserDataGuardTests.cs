namespace NodeHost.Tests.Server.Http;

/// <summary>Names of users' files that try to leave the user's folder.</summary>
public sealed class UserDataGuardTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly ServerProcess _server = shared.Server;

    [Theory]
    [InlineData("GET", "/userdata/..%2F..%2Fsecret.txt", 403)]
    [InlineData("GET", "/userdata/..%252F..%252Fsecret.txt", 403)]
    [InlineData("GET", "/userdata/..%5C..%5Csecret.txt", 403)]
    [InlineData("GET", "/userdata/%2Fetc%2Fhostname", 403)]
    [InlineData("POST", "/userdata/..%2F..%2Fsecret.txt", 403)]
    [InlineData("POST", "/userdata/..%2Fapi-keys.json", 403)]
    [InlineData("DELETE", "/userdata/..%2F..%2Fsecret.txt", 403)]
    [InlineData("POST", "/userdata/a%00b", 400)]
    [InlineData("POST", "/userdata/%2E", 405)]
    [InlineData("GET", "/userdata?dir=..%2F..", 403)]
    [InlineData("GET", "/userdata", 400)]
    [InlineData("GET", "/userdata?dir=none", 404)]
    public async Task UserData_WayOut_IsRefused(string method, string path, int status)
    {
        var secret = Path.Combine(_server.Folder, "secret.txt");
        File.WriteAllText(secret, "secret");
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            new Uri(
                _server.Address + path[1..],
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
            )
        );
        using var response = await _server.Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("secret", File.ReadAllText(secret));
    }
}
