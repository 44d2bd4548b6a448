using Newtonsoft.Json.Linq;
using NodeHost.Graph.Execution;

namespace NodeHost.Graph.Caching;

/// <summary>Why a node of a prompt was run, or was not.</summary>
public sealed record CacheDecision(string NodeId, string ClassType, CacheReason Reason, string Text)
{
    /// <summary>Inputs whose own value or link is not what it was.</summary>
    public IReadOnlyList<CacheInputChange> ChangedInputs { get; init; } = [];

    /// <summary>Nodes upstream whose result is another one than before.</summary>
    public IReadOnlyList<string> ChangedNodes { get; init; } = [];

    /// <summary>What became of it: <c>cached</c>, <c>executed</c>, <c>shared</c> with an equal node, <c>not_needed</c>, or <c>not_reached</c> when the run ended before.</summary>
    public string State { get; init; } = "";

    internal CacheKey Key { get; init; }

    public JObject ToJson() =>
        new()
        {
            ["class_type"] = ClassType,
            ["state"] = State,
            ["reason"] = Reason.WireName(),
            ["text"] = Text,
            ["changed_inputs"] = new JArray(ChangedInputs.Select(change => change.ToJson())),
            ["changed_nodes"] = new JArray(ChangedNodes),
        };

    internal static IReadOnlyList<CacheDecision> AfterRun(
        IReadOnlyList<CacheDecision> decisions,
        IEnumerable<string> executed,
        RunStatus status
    )
    {
        var ran = executed.ToHashSet();
        var keys = decisions
            .Where(decision => ran.Contains(decision.NodeId))
            .Select(decision => decision.Key)
            .ToHashSet();
        return
        [
            .. decisions.Select(decision =>
                decision with
                {
                    State =
                        ran.Contains(decision.NodeId) ? "executed"
                        : decision.Reason == CacheReason.Cached ? "cached"
                        : keys.Contains(decision.Key) ? "shared"
                        : status == RunStatus.Succeeded ? "not_needed"
                        : "not_reached",
                }
            ),
        ];
    }
}
