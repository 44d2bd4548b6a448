using NodeHost.Security;

namespace NodeHost.Tests.Server.Security;

public sealed class RouteRolesTests
{
    [Theory]
    [InlineData("GET", "/queue", "Read")]
    [InlineData("HEAD", "/view", "Read")]
    [InlineData("GET", "/ws", "Read")]
    [InlineData("GET", "/internal/files/output", "Read")]
    [InlineData("GET", "/internal/logs", "Admin")]
    [InlineData("GET", "/Internal/Logs/raw", "Admin")]
    [InlineData("PATCH", "/internal/logs/subscribe", "Admin")]
    [InlineData("POST", "/hub/negotiate", "Read")]
    [InlineData("POST", "/prompt", "Queue")]
    [InlineData("POST", "/api/prompt", "Queue")]
    [InlineData("POST", "/api//prompt", "Queue")]
    [InlineData("POST", "/upload/image", "Queue")]
    [InlineData("DELETE", "/userdata/workflows%2Fa.json", "Queue")]
    [InlineData("POST", "/jobs/7/cancel", "Queue")]
    [InlineData("POST", "/queue/pause", "Admin")]
    [InlineData("POST", "/free", "Admin")]
    [InlineData("POST", "/api/free", "Admin")]
    [InlineData("POST", "/users", "Admin")]
    [InlineData("POST", "/something/new", "Admin")]
    public void For_Request_NeedsTheRole(string method, string path, string expected) =>
        Assert.Equal(expected, RouteRoles.For(method, path).ToString());
}
