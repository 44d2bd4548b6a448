using Microsoft.Extensions.Logging;

namespace NodeHost.Server;

/// <summary>A line per entry: what goes well to standard output, what does not to standard error.</summary>
internal sealed class ConsoleLog(LogLevel minimum) : ILogger
{
    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }
        var writer = logLevel >= LogLevel.Warning ? Console.Error : Console.Out;
        writer.WriteLine(
            exception is null ? formatter(state, exception) : $"{formatter(state, exception)}\n{exception}"
        );
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;
}
