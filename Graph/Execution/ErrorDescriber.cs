using System.Diagnostics.CodeAnalysis;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Execution;

/// <summary>Turns what went wrong in a node into what clients and logs show.</summary>
internal sealed class ErrorDescriber(RunGraph graph, ExecutorOptions options)
{
    // The reference cuts long tensors, but not what is long otherwise; nobody reads more than this.
    private const int LongestInput = 20_000;

    public ExecutionError Describe(RunNode node, Exception error, IReadOnlyList<string> executed)
    {
        var described = Describe(error);
        return described with
        {
            NodeId = node.RealId,
            NodeType = graph.ClassType(node.RealId),
            InnerNodeId = node.IsExpanded ? node.Id : null,
            Executed = executed,
            CurrentInputs = DescribeInputs(node.Gathered),
            CurrentOutputs = [.. graph.NodeIds],
            IsOutOfMemory = options.IsOutOfMemory(error),
            ExceptionType =
                (error as GraphException)?.ReferenceType ?? options.ExceptionTypeOf(error) ?? described.ExceptionType,
            ExceptionMessage = (options.ExceptionMessageOf(error) ?? error.Message) + "\n",
        };
    }

    /// <summary>For what goes wrong before any node is at hand.</summary>
    public static ExecutionError Describe(Exception error) =>
        new()
        {
            NodeId = "",
            NodeType = "",
            InputName = (error as GraphException)?.InputName,
            ExceptionMessage = error.Message + "\n",
            ExceptionType =
                (error as GraphException)?.ReferenceType ?? error.GetType().FullName ?? error.GetType().Name,
            Traceback = [.. error.ToString().Split('\n').Select(line => line.TrimEnd('\r') + "\n")],
            Exception = error,
        };

    public ExecutionError Describe(RunNode node, ExecutionBlocker blocker, IReadOnlyList<string> executed) =>
        new()
        {
            NodeId = node.RealId,
            NodeType = graph.ClassType(node.RealId),
            InnerNodeId = node.IsExpanded ? node.Id : null,
            ExceptionMessage = $"Execution Blocked: {blocker.Message}",
            ExceptionType = "ExecutionBlocked",
            Executed = executed,
        };

    private JObject DescribeInputs(NodeInputs? inputs) =>
        new(
            (inputs?.Values ?? new Dictionary<string, IReadOnlyList<object?>>()).Select(input => new JProperty(
                input.Key,
                new JArray(input.Value.Select(Describe))
            ))
        );

    private JToken Describe(object? value) =>
        value switch
        {
            null => JValue.CreateNull(),
            string or bool or int or long or ulong or float or double or System.Numerics.BigInteger => new JValue(
                value
            ),
            _ => Shorten(TextOf(value)),
        };

    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "A value that cannot be shown must not hide the error it came with."
    )]
    private string TextOf(object value)
    {
        try
        {
            return options.TextOfValue(value) ?? value.ToString() ?? "";
        }
        catch (Exception)
        {
            return value.GetType().Name;
        }
    }

    private static string Shorten(string text) => text.Length <= LongestInput ? text : text[..LongestInput] + "...";
}
