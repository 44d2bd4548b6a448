namespace NodeHost.Tests.Server.Clients;

/// <summary>A test that drives the server with a JavaScript client of <c>tests/Clients</c>; skipped where <c>./test</c> has not installed it.</summary>
internal sealed class ClientFactAttribute : FactAttribute
{
    public ClientFactAttribute()
    {
        if (!Directory.Exists(Path.Combine(JavaScriptClient.Folder, "node_modules")))
        {
            Skip = "tests/Clients is not installed; ./test does it, or eng/install-clients.sh";
        }
    }
}
