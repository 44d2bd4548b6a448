using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace NodeHost.Tests.Server.Clients;

/// <summary>A script of <c>tests/Clients</c>, run by node against a server.</summary>
internal static class JavaScriptClient
{
    public static string Folder { get; } = FindFolder();

    /// <summary>Runs a script to its end; it fails by its exit code, and says on stderr why.</summary>
    public static async Task RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, script), .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, $"{script} ended with {process.ExitCode}: {await output}{await errors}");
    }

    private static string FindFolder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "Clients"));
}
