using Newtonsoft.Json.Linq;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Execution;
using NodeHost.Graph.Validation;

namespace NodeHost.Cli;

/// <summary>Runs one workflow without a server.</summary>
/// <param name="catalogue">The nodes there are.</param>
/// <param name="executor">What the executor needs; its services are the validator's too.</param>
/// <param name="folderOf">The folder that a file type (<c>output</c>, <c>temp</c>) stands for.</param>
internal sealed class Renderer(NodeCatalogue catalogue, ExecutorOptions executor, Func<string, string?> folderOf)
{
    /// <returns>One of <see cref="ExitCode"/>; what went wrong is on stderr.</returns>
    public async Task<int> RunAsync(RenderOptions options, CancellationToken cancellation)
    {
        try
        {
            var request = WorkflowFile.Read(options.Workflow, () => catalogue.ObjectInfo(executor.Services));
            foreach (var text in options.Overrides)
            {
                InputOverride.Apply(text, request.Prompt, catalogue);
            }
            var validation = await new PromptValidator(catalogue, executor.Services).ValidateAsync(request);
            ReportProblems(options.Workflow, validation);
            return validation.Accepted ? await ExecuteAsync(options, validation, cancellation) : ExitCode.BadUsage;
        }
        catch (UsageException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return ExitCode.BadUsage;
        }
    }

    private async Task<int> ExecuteAsync(
        RenderOptions options,
        PromptValidation validation,
        CancellationToken cancellation
    )
    {
        var run = RunRequest.From(validation, Guid.NewGuid().ToString());
        using var engine = new PromptExecutor(catalogue, executor);
        Task<RunResult> Follow(IProgressView view, TextWriter output, TextWriter errors)
        {
            var lines = new OutputLines(folderOf, output, options.SaysWhere ? errors : null);
            return engine.RunAsync(run, new RunReport(lines, view, errors), cancellation);
        }

        RunResult result;
        if (Console.IsErrorRedirected)
        {
            result = await Follow(new NoProgressView(), Console.Out, Console.Error);
        }
        else
        {
            // The bars own the terminal while they move; what is to be read follows when they are gone.
            using var output = new StringWriter();
            using var errors = new StringWriter();
            result = await TerminalProgressView.RunAsync(
                run.Prompt.Count,
                TitleOf,
                view => Follow(view, output, errors)
            );
            await Console.Error.WriteAsync(errors.ToString());
            await Console.Out.WriteAsync(output.ToString());
        }
        return await ConcludeAsync(result);

        string TitleOf(string nodeId) => run.Prompt[nodeId] is JObject node ? Describe(nodeId, node) : $"#{nodeId}";
    }

    private static async Task<int> ConcludeAsync(RunResult result)
    {
        switch (result.Status)
        {
            case RunStatus.Succeeded:
                return ExitCode.Done;
            case RunStatus.Interrupted:
                await Console.Error.WriteLineAsync("interrupted; files already written stay");
                return ExitCode.Failed;
            default:
                await Console.Error.WriteLineAsync(Describe(result.Error!));
                return ExitCode.Failed;
        }
    }

    private static void ReportProblems(string file, PromptValidation validation)
    {
        if (validation.Error is { } error && validation.NodeErrors.Count == 0)
        {
            WriteProblem($"{file}: {error.Message} {error.Details}", error.Type);
        }
        foreach (var cycle in validation.Cycles)
        {
            Console.Error.WriteLine($"{file}: these nodes wait for each other: {cycle}. Remove one of the links.");
        }
        foreach (var node in validation.NodeErrors)
        {
            foreach (var problem in node.Errors)
            {
                WriteProblem($"{node.ClassType} #{node.NodeId}: {problem.Message}: {problem.Details}", problem.Type);
            }
        }
    }

    private static void WriteProblem(string text, string problemType)
    {
        var sentence = text.TrimEnd().TrimEnd('.');
        Console.Error.WriteLine($"{sentence}. {Remedy.For(problemType)}".TrimEnd());
    }

    private static string Describe(string nodeId, JObject node) =>
        $"{(node["_meta"] as JObject)?.Value<string>("title") ?? node.Value<string>("class_type")} #{nodeId}";

    private static string Describe(ExecutionError error)
    {
        // The executor's own messages say where already.
        if (error.ExceptionMessage.StartsWith($"{error.NodeType} #", StringComparison.Ordinal))
        {
            return error.ExceptionMessage.TrimEnd();
        }
        var input = error.InputName is null ? "" : $", input '{error.InputName}'";
        var inner = error.InnerNodeId is null ? "" : $" (expanded to #{error.InnerNodeId})";
        return $"{error.NodeType} #{error.NodeId}{inner}{input}: {error.ExceptionMessage.TrimEnd()}";
    }
}
