using System.Globalization;
using System.Numerics;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Workflows;

namespace NodeHost.Cli;

/// <summary>One <c>--set NODE.INPUT=VALUE</c>: finds the node, and types the value by the node's definition.</summary>
internal static class InputOverride
{
    /// <summary>Writes the value into the prompt.</summary>
    /// <exception cref="UsageException">There is no such node or input, or the value does not fit.</exception>
    public static void Apply(string text, JObject prompt, NodeCatalogue catalogue)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var dot = equals < 0 ? -1 : text.LastIndexOf('.', equals - 1);
        if (dot <= 0 || dot == equals - 1)
        {
            throw new UsageException($"--set {text}: expected NODE.INPUT=VALUE, for example --set 5.seed=42.");
        }
        var (node, input, value) = (text[..dot], text[(dot + 1)..equals], text[(equals + 1)..]);
        var (id, members) = FindNode(text, node, prompt);
        var classType = (string?)members["class_type"] ?? "";
        var definition =
            catalogue.Find(classType)
            ?? throw new UsageException($"--set {text}: node {id} is a {classType}, which NodeHost does not know.");
        var declared =
            definition.FindInput(input)
            ?? throw new UsageException(
                $"--set {text}: {classType} #{id} has no input '{input}'. It has: {string.Join(", ", definition.Inputs.Select(i => i.Name))}."
            );
        if (members["inputs"] is not JObject inputs)
        {
            members["inputs"] = inputs = [];
        }
        inputs[input] = Parse(text, declared, value);
    }

    private static (string Id, JObject Members) FindNode(string text, string node, JObject prompt)
    {
        if (prompt[node] is JObject byId)
        {
            return (node, byId);
        }
        var titled = prompt
            .Properties()
            .Where(property => property.Value is JObject members && TitleOf(members) == node)
            .ToArray();
        return titled.Length switch
        {
            1 => (titled[0].Name, (JObject)titled[0].Value),
            0 => throw new UsageException(
                $"--set {text}: the workflow has no node with id or title '{node}'. Its ids are: {string.Join(", ", prompt.Properties().Take(40).Select(p => p.Name))}."
            ),
            _ => throw new UsageException(
                $"--set {text}: {titled.Length} nodes have the title '{node}' (ids {string.Join(", ", titled.Select(p => p.Name))}). Name one by its id."
            ),
        };
    }

    private static string? TitleOf(JObject members) => (members["_meta"] as JObject)?.Value<string>("title");

    private static JToken Parse(string text, InputDefinition input, string value) =>
        input.SocketType switch
        {
            "INT" => BigInteger.TryParse(
                value,
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var integer
            )
                ? new JValue(integer)
                : throw Mismatch(text, "an integer"),
            "FLOAT" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
                ? new JValue(number)
                : throw Mismatch(text, "a number"),
            "BOOLEAN" => bool.TryParse(value, out var flag) ? new JValue(flag) : throw Mismatch(text, "true or false"),
            "STRING" or "COMBO" or null => new JValue(value),
            _ => ParseLink(text, input, value),
        };

    private static JArray ParseLink(string text, InputDefinition input, string value)
    {
        try
        {
            if (PromptJson.Parse(value) is JArray { Count: 2 } link)
            {
                return link;
            }
        }
        catch (JsonException)
        {
            // Said below: whatever it is, it is no link.
        }
        throw Mismatch(text, $"a link such as [\"4\", 0], because the input takes {input.SocketType}");
    }

    private static UsageException Mismatch(string text, string expected) => new($"--set {text}: expected {expected}.");
}
