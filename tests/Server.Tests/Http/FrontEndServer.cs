namespace NodeHost.Tests.Server.Http;

/// <summary>A server with a frontend of a few files, and links that lead out of it.</summary>
public sealed class FrontEndServer : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal ServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Write("index.html", "<html>frontend</html>");
        Write("assets/app-1.js", "1");
        Write("assets/style.css", "a{}");
        Write("assets/data.unknown", "x");
        Write("assets/module.mjs", "1");
        Write("assets/engine.wasm", "x");
        Write("docs/KSampler/en.md", "# text");
        Write("docs/KSampler/picture.png", "x");
        Write("templates/index.json", "[]");
        Write("extensions/core/shim.js", "1");
        Write("site.webmanifest", "{}");
        File.WriteAllText(_folder.File("secret.txt"), "secret");
        File.CreateSymbolicLink(Path.Combine(Root, "link.txt"), _folder.File("secret.txt"));
        File.CreateSymbolicLink(Path.Combine(Root, "inner-link.js"), Path.Combine(Root, "assets", "app-1.js"));
        Server = await ServerProcess.StartAsync("--front-end-root", Root);
    }

    private string Root => _folder.File("root");

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    private void Write(string relative, string content)
    {
        var path = Path.Combine(Root, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
