using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NodeHost.Graph.Catalogue;

/// <summary>Writes an index of all nodes as Markdown: a table for each category, a node's sentence out of its doc comment.</summary>
public sealed partial class NodeIndexWriter
{
    private readonly Dictionary<Assembly, Dictionary<string, string>> _comments = [];

    /// <param name="catalogue">The nodes.</param>
    /// <param name="command">How to write it anew, for who reads the file.</param>
    public static string Write(NodeCatalogue catalogue, string command)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        var writer = new NodeIndexWriter();
        var nodes = catalogue.Definitions.ToArray();
        var categories = nodes
            .GroupBy(node => node.Attribute.Category)
            .OrderBy(category => category.Key, StringComparer.Ordinal)
            .ToArray();
        var text = new StringBuilder();
        text.AppendLine("# Nodes");
        text.AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"The {nodes.Length} nodes in {categories.Length} categories, written by `{command}`. Inputs in *italics* are optional; `name=value` is a"
        );
        text.AppendLine("widget and its default. How to add one: [writing-a-node.md](writing-a-node.md).");
        foreach (var category in categories)
        {
            text.AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"## {category.Key}");
            text.AppendLine();
            text.AppendLine("| node | what it does | inputs | outputs |");
            text.AppendLine("|---|---|---|---|");
            foreach (var node in category)
            {
                writer.AppendRow(text, node);
            }
        }
        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private void AppendRow(StringBuilder text, NodeDefinition node)
    {
        var title =
            node.Attribute.DisplayName is { Length: > 0 } display && display != node.ClassType
                ? $"{node.ClassType} ({display})"
                : node.ClassType;
        var inputs = string.Join(", ", node.ConnectableInputs.Select(Describe));
        var outputs = string.Join(", ", node.Outputs.Select(output => output.Type));
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"| {Escape(title)} | {Escape(CommentOf(node.Type))} | {Escape(inputs)} | {Escape(outputs)} |"
        );
    }

    private static string Describe(InputDefinition input)
    {
        var type = input.SocketType is null or "COMBO" ? "choice" : input.SocketType;
        var name = input.IsOptional ? $"*{input.Name}*" : input.Name;
        return input.Default switch
        {
            null => $"{name}: {type}",
            string { Length: > 24 or 0 } => $"{name}: {type}",
            bool value => $"{name}={(value ? "true" : "false")}",
            var value => $"{name}={Convert.ToString(value, CultureInfo.InvariantCulture)}",
        };
    }

    /// <summary>The first sentence of a class's doc comment; empty where the comments are not beside the assembly.</summary>
    private string CommentOf(Type type)
    {
        if (!_comments.TryGetValue(type.Assembly, out var comments))
        {
            _comments[type.Assembly] = comments = ReadComments(type.Assembly);
        }
        return comments.GetValueOrDefault($"T:{type.FullName}") ?? "";
    }

    private static Dictionary<string, string> ReadComments(Assembly assembly)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
        return File.Exists(path)
            ? XDocument
                .Load(path)
                .Descendants("member")
                .Where(member => member.Element("summary") is not null)
                .ToDictionary(
                    member => (string)member.Attribute("name")!,
                    member => Sentence(member.Element("summary")!)
                )
            : [];
    }

    private static string Sentence(XElement summary)
    {
        foreach (
            var reference in summary.Descendants().Where(element => element.Attribute("cref") is not null).ToArray()
        )
        {
            reference.ReplaceWith(((string)reference.Attribute("cref")!).Split('.', ':')[^1]);
        }
        var text = Spaces().Replace(summary.Value, " ").Trim();
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? text : text[..(end + 1)];
    }

    private static string Escape(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
