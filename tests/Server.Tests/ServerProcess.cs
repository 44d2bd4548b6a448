using System.Diagnostics;
using System.Text;

namespace NodeHost.Tests.Server;

/// <summary>The built server as a process of its own, on a free port, with folders of its own that go when it goes.</summary>
/// <remarks>It has the tiny models that ship with NodeHost (<c>nodehost-tiny-sd15.safetensors</c> ...).</remarks>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly (string Name, string Value)[] Defaults =
    [
        ("--port", "0"),
        ("--models", "models"),
        ("--input", "input"),
        ("--output", "output"),
        ("--temp-directory", "."),
        ("--user-directory", "user"),
    ];

    private const string Announcement = "To see the GUI go to: ";

    private readonly Process _process;
    private readonly StringBuilder _errors;
    private readonly DirectoryInfo? _ownFolder;
    private bool _isExpectedToEnd;

    private ServerProcess(Process process, StringBuilder errors, Uri address, string folder, DirectoryInfo? ownFolder)
    {
        _process = process;
        _errors = errors;
        _ownFolder = ownFolder;
        Folder = folder;
        Address = address;
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    /// <summary>Holds <c>models</c>, <c>input</c>, <c>output</c>, <c>temp</c> and <c>user</c>.</summary>
    public string Folder { get; }

    public int ProcessId => _process.Id;

    /// <summary>What the server said on stderr so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Starts a server in a new folder.</summary>
    public static Task<ServerProcess> StartAsync(params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("nodehost-server-");
        return StartInAsync(folder.FullName, folder, arguments);
    }

    /// <summary>Starts a server in a folder that another had, as after a crash.</summary>
    public static Task<ServerProcess> StartInAsync(string folder, params string[] arguments) =>
        StartInAsync(folder, null, arguments);

    public Task<SocketClient> ConnectAsync(string? clientId = null, string path = "/ws") =>
        SocketClient.ConnectAsync(Address, clientId is null ? path : $"{path}?clientId={clientId}");

    /// <summary>As <c>kill -9</c>: nothing is finished or flushed.</summary>
    public void Kill()
    {
        _isExpectedToEnd = true;
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>As Ctrl-C, and waits for the end.</summary>
    public async Task<int> StopAsync()
    {
        _isExpectedToEnd = true;
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        var hasDied = _process.HasExited && !_isExpectedToEnd;
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        _ownFolder?.Delete(recursive: true);
        if (hasDied)
        {
            throw new InvalidOperationException($"The server died: {Errors}");
        }
    }

    private static async Task<ServerProcess> StartInAsync(string folder, DirectoryInfo? own, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "NodeHost.dll"));
        foreach (var (name, value) in Defaults.Where(option => !arguments.Contains(option.Name)))
        {
            start.ArgumentList.Add(name);
            start.ArgumentList.Add(value);
        }
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        foreach (var name in (string[])["models", "input", "output", "temp", "user"])
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }
        var process = Process.Start(start)!;
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
            {
                errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None); // so that its pipe never fills
                return new(process, errors, new Uri(line[Announcement.Length..]), folder, own);
            }
        }
        await process.WaitForExitAsync(patience.Token);
        throw new InvalidOperationException($"The server ended with {process.ExitCode}: {errors}");
    }
}
