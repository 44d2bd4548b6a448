using System.Diagnostics;
using Newtonsoft.Json.Linq;

namespace NodeHost.Tests.EndToEnd;

/// <summary>The built program, started as a user starts it.</summary>
internal sealed class RenderProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    public RenderProcess(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "NodeHost.dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>As a terminal's Ctrl-C.</summary>
    public void PressControlC()
    {
        using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<RenderOutcome> WaitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await _process.WaitForExitAsync(patience.Token);
        var lines = (await _output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new RenderOutcome(_process.ExitCode, [.. lines.Select(JObject.Parse)], await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }
}

/// <summary>How a run of the program ended: exit code, the JSON lines of its files, what it said on stderr.</summary>
internal sealed record RenderOutcome(int ExitCode, IReadOnlyList<JObject> Files, string Errors);
