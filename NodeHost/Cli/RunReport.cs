using NodeHost.Graph.Events;

namespace NodeHost.Cli;

/// <summary>Follows a run for the command line: files to stdout, warnings and what nodes say to stderr, steps to the progress bar.</summary>
internal sealed class RunReport(OutputLines lines, IProgressView progress, TextWriter errors) : IExecutionEvents
{
    public void Publish(ExecutionEvent happened)
    {
        switch (happened)
        {
            case NodeExecuted executed:
                lines.Print(executed);
                break;
            case NodeWarned warned:
                errors.WriteLine($"warning: node #{warned.NodeId}: {warned.Message}");
                break;
            case NodeTextShown shown:
                errors.WriteLine($"node #{shown.NodeId}: {shown.Text}");
                break;
            case ExecutionCached cached:
                progress.Finished(cached.NodeIds.Count);
                break;
            case NodeExecuting executing:
                progress.Started(executing.NodeId);
                break;
            case NodeProgressed step:
                progress.Stepped((double)step.Value, (double)step.Total);
                break;
            case ProgressStateChanged state:
                progress.Finished(state.Nodes.Values.Count(node => node.State == "finished"));
                break;
            default:
                break;
        }
    }
}
