using System.Globalization;
using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Caching;
using NodeHost.Graph.Contracts;
using NodeHost.Graph.Workflows;

namespace NodeHost.Graph.Execution;

/// <summary>What is remembered of a node to tell what changed: hashes, and the beginnings of values.</summary>
internal sealed record NodeTrace(
    CacheKey Key,
    CacheKey Fingerprint,
    IReadOnlyDictionary<string, NodeTrace.Input> Inputs
)
{
    private const int LongestText = 60;

    public static NodeTrace Of(RunNode node, Dictionary<string, CacheKey> keys)
    {
        var inputs = new Dictionary<string, Input>();
        foreach (var (name, value) in node.Inputs)
        {
            if (value is NodeLink link)
            {
                var slot = link.Slot.ToString(CultureInfo.InvariantCulture);
                inputs[name] = new(
                    $"{link.NodeId}[{slot}]",
                    Hash($"{keys.GetValueOrDefault(link.NodeId)}/{slot}"),
                    true
                );
            }
            else
            {
                var text = Text(value);
                inputs[name] = new(text.Length <= LongestText ? text : text[..LongestText] + "...", Hash(text), false);
            }
        }
        return new(node.Key!.Value, Hash(string.Join('\n', node.Fingerprint?.Select(Text) ?? [])), inputs);
    }

    /// <summary>Inputs with another value, or a link to somewhere else that gives something else.</summary>
    public IReadOnlyList<CacheInputChange> ChangedInputs(NodeTrace before) =>
        [
            .. from name in Inputs.Keys.Union(before.Inputs.Keys)
            let old = before.Inputs.GetValueOrDefault(name)
            let to = Inputs.GetValueOrDefault(name)
            where old?.Content != to?.Content && !IsSameLink(old, to)
            select new CacheInputChange(name, old?.Text, to?.Text),
        ];

    /// <summary>Nodes that are linked as before and give something else.</summary>
    public IReadOnlyList<string> ChangedNodes(NodeTrace before) =>
        [
            .. (
                from input in Inputs
                let old = before.Inputs.GetValueOrDefault(input.Key)
                where old?.Content != input.Value.Content && IsSameLink(old, input.Value)
                select input.Value.Text[..input.Value.Text.LastIndexOf('[')]
            ).Distinct(),
        ];

    private static bool IsSameLink(Input? from, Input? to) =>
        from is { IsLink: true } && to is { IsLink: true } && from.Text == to.Text;

    private static string Text(object? value) =>
        value switch
        {
            // Equality of results is Python's: 1 and 1.0 are one value.
            double real when double.IsInteger(real) && Math.Abs(real) < 1L << 53 => Text((long)real),
            JToken json => PromptJson.Write(json),
            null or string or bool or int or long or float or double => PromptJson.Write(new JValue(value)),
            _ => value.ToString() ?? "",
        };

    private static CacheKey Hash(string text) => CacheKey.Of(Encoding.UTF8.GetBytes(text));

    /// <summary>An input: its text for people, and a hash of what it stands for.</summary>
    internal sealed record Input(string Text, CacheKey Content, bool IsLink);
}
