using Spectre.Console;

namespace NodeHost.Cli;

/// <summary>Two bars on the terminal: nodes of the workflow, and steps of the node at work with the time left.</summary>
internal sealed class TerminalProgressView : IProgressView
{
    private readonly ProgressTask _nodes;
    private readonly ProgressTask _steps;
    private readonly Func<string, string> _titleOf;

    private TerminalProgressView(ProgressContext context, int nodeCount, Func<string, string> titleOf)
    {
        _titleOf = titleOf;
        _nodes = context.AddTask("nodes", maxValue: Math.Max(nodeCount, 1));
        _steps = context.AddTask("starting");
        _steps.IsIndeterminate = true;
    }

    /// <summary>Shows the bars on stderr while <paramref name="work"/> runs, and clears them afterwards.</summary>
    public static Task<T> RunAsync<T>(int nodeCount, Func<string, string> titleOf, Func<IProgressView, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(context => work(new TerminalProgressView(context, nodeCount, titleOf)));
    }

    public void Started(string nodeId)
    {
        _steps.Description = Markup.Escape(_titleOf(nodeId));
        _steps.IsIndeterminate = true;
        _steps.Value = 0;
    }

    public void Stepped(double value, double total)
    {
        _steps.IsIndeterminate = false;
        _steps.MaxValue = total;
        _steps.Value = value;
    }

    public void Finished(int nodeCount) => _nodes.Value = Math.Max(_nodes.Value, nodeCount);
}
