using Newtonsoft.Json.Linq;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Values;
using NodeHost.Graph.Workflows;

namespace NodeHost.Graph.Validation;

/// <summary>Checks a prompt before it is queued and reports every problem it has.</summary>
/// <remarks>
/// The graph is walked with a stack of its own: a chain may be as long as memory allows, and a cycle ends where it closes.
/// A validator has no state and may be used by many threads.
/// </remarks>
public sealed class PromptValidator(NodeCatalogue catalogue, IServiceProvider services)
{
    /// <summary>More nodes than this are refused unread.</summary>
    public const int MaxNodes = 100_000;

    /// <summary>Validates the body of <c>POST /prompt</c>.</summary>
    public Task<PromptValidation> ValidateAsync(string body) =>
        PromptRequestReader.TryRead(body, out var request, out var refusal)
            ? ValidateAsync(request)
            : Task.FromResult(refusal);

    public async Task<PromptValidation> ValidateAsync(PromptRequest request)
    {
        // Constants are converted in place, so the caller's JSON is left alone.
        var prompt = (JObject)request.Prompt.DeepClone();
        if (Scan(prompt) is { } refusal)
        {
            return refusal;
        }
        var outputs = prompt
            .Properties()
            .Select(property => property.Name)
            .Where(id => Definition(prompt, id).IsOutputNode)
            .Where(id => request.PartialExecutionTargets?.Contains(id) ?? true)
            .ToArray();
        if (outputs.Length == 0)
        {
            return PromptValidation.Refused("prompt_no_outputs", "Prompt has no outputs", "");
        }
        var findings = new Dictionary<string, Finding>();
        var cycles = new List<string>();
        foreach (var output in outputs)
        {
            await InspectAsync(output, prompt, findings, cycles).ConfigureAwait(false);
        }
        return Conclude(request with { Prompt = prompt }, outputs, findings) with { Cycles = cycles };
    }

    private PromptValidation? Scan(JObject prompt)
    {
        if (prompt.Count > MaxNodes)
        {
            return PromptValidation.Refused(
                "invalid_prompt",
                "Prompt has too many nodes",
                $"prompt: expected at most {MaxNodes} nodes, got {prompt.Count}. Split the workflow."
            );
        }
        foreach (var (id, node) in prompt)
        {
            if (node is not JObject members || members["class_type"] is not { } classType)
            {
                return PromptValidation.Refused(
                    "invalid_prompt",
                    "Cannot execute because a node is missing the class_type property.",
                    $"Node ID '#{id}'"
                );
            }
            if (classType is not JValue { Value: string name } || catalogue.Find(name) is null)
            {
                return PromptValidation.Refused(
                    "invalid_prompt",
                    $"Cannot execute because node {PythonText.Str(classType)} does not exist.",
                    $"Node ID '#{id}'"
                );
            }
        }
        return null;
    }

    private async Task InspectAsync(
        string root,
        JObject prompt,
        Dictionary<string, Finding> findings,
        List<string> cycles
    )
    {
        if (findings.ContainsKey(root))
        {
            return;
        }
        var path = new Stack<NodeInspection>();
        var onPath = new HashSet<string>();
        Enter(root);
        while (path.TryPeek(out var current))
        {
            if (current.Advance() is { } upstream)
            {
                if (findings.TryGetValue(upstream, out var known))
                {
                    current.UpstreamDone(known.IsValid);
                }
                else if (onPath.Contains(upstream))
                {
                    // A cycle. Every node of it becomes invalid, none for a reason of its own: so says the reference.
                    current.UpstreamDone(false);
                    NoteCycle(path, upstream, cycles);
                }
                else
                {
                    Enter(upstream);
                }
                continue;
            }
            await current.RunOwnValidationAsync().ConfigureAwait(false);
            path.Pop();
            onPath.Remove(current.NodeId);
            findings[current.NodeId] = Find(current, path);
        }

        void Enter(string id)
        {
            var definition = Definition(prompt, id);
            path.Push(new(id, definition, prompt[id]!["inputs"], prompt, catalogue, services));
            onPath.Add(id);
        }
    }

    private static void NoteCycle(Stack<NodeInspection> path, string closedBy, List<string> cycles)
    {
        const int EnoughCycles = 10;
        const int EnoughNodes = 20;
        if (cycles.Count >= EnoughCycles)
        {
            return;
        }
        var names = new List<string>();
        var length = 0;
        foreach (var node in path)
        {
            if (++length <= EnoughNodes)
            {
                names.Add($"{node.ClassType} #{node.NodeId}");
            }
            if (node.NodeId == closedBy)
            {
                break;
            }
        }
        var more = length > EnoughNodes ? $" -> ... {length - EnoughNodes} more" : "";
        cycles.Add($"{string.Join(" -> ", names)}{more} -> {names[0]}");
    }

    private static Finding Find(NodeInspection done, Stack<NodeInspection> path)
    {
        path.TryPeek(out var consumer);
        if (done.Fault is not { } fault)
        {
            consumer?.UpstreamDone(done.IsValid);
            return new(done.IsValid, done.Errors);
        }
        consumer?.UpstreamDone(false);
        return new(false, [consumer is null ? InputErrors.Fault(fault) : consumer.DescribeUpstreamFault(fault)]);
    }

    private static PromptValidation Conclude(
        PromptRequest request,
        string[] outputs,
        Dictionary<string, Finding> findings
    )
    {
        var good = outputs.Where(output => findings[output].IsValid).ToArray();
        var validation = new PromptValidation
        {
            Request = request,
            Outputs = good,
            NodeErrors = CollectErrors(request.Prompt, outputs.Except(good).ToArray(), findings),
        };
        if (good.Length > 0)
        {
            return validation;
        }
        var reasons = outputs
            .SelectMany(output => findings[output].Errors)
            .Select(error => $"{error.Message}: {error.Details}");
        return validation with
        {
            Error = new(
                "prompt_outputs_failed_validation",
                "Prompt outputs failed validation",
                string.Join("\n", reasons)
            ),
        };
    }

    private static List<NodeErrors> CollectErrors(
        JObject prompt,
        string[] badOutputs,
        Dictionary<string, Finding> findings
    )
    {
        var dependents = new Dictionary<string, List<string>>();
        var order = new List<string>();
        foreach (var output in badOutputs)
        {
            foreach (var id in Upstream(prompt, output, findings))
            {
                if (findings[id].Errors.Count == 0)
                {
                    continue;
                }
                if (!dependents.TryGetValue(id, out var list))
                {
                    dependents[id] = list = [];
                    order.Add(id);
                }
                list.Add(output);
            }
        }
        return
        [
            .. order.Select(id => new NodeErrors(
                id,
                (string)prompt[id]!["class_type"]!,
                findings[id].Errors,
                dependents[id]
            )),
        ];
    }

    /// <summary>An output and every invalid node it depends on.</summary>
    private static IEnumerable<string> Upstream(JObject prompt, string output, Dictionary<string, Finding> findings)
    {
        var seen = new HashSet<string> { output };
        var open = new Queue<string>([output]);
        while (open.TryDequeue(out var id))
        {
            yield return id;
            foreach (var link in (prompt[id]!["inputs"] as JObject)?.PropertyValues().OfType<JArray>() ?? [])
            {
                if (
                    link is [JValue { Value: string upstream }, _]
                    && findings.TryGetValue(upstream, out var finding)
                    && !finding.IsValid
                    && seen.Add(upstream)
                )
                {
                    open.Enqueue(upstream);
                }
            }
        }
    }

    private NodeDefinition Definition(JObject prompt, string id) => catalogue.Find((string)prompt[id]!["class_type"]!)!;

    private sealed record Finding(bool IsValid, IReadOnlyList<PromptError> Errors);
}
