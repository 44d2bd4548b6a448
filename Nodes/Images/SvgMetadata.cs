using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace NodeHost.Nodes.Images;

/// <summary>Puts the prompt, and what the client sent along, into a drawing's <c>metadata</c> element.</summary>
internal static partial class SvgMetadata
{
    public static string Embed(string document, JObject? prompt, JToken? extra)
    {
        var members = new JObject();
        if (prompt is not null)
        {
            members["prompt"] = prompt.DeepClone();
        }
        foreach (var (name, value) in extra as JObject ?? [])
        {
            members[name] = value?.DeepClone();
        }
        var start = RootPattern().Match(document);
        if (members.Count == 0 || !start.Success)
        {
            return document;
        }
        // The one sequence that would end the section.
        var json = AsciiJson.Write(members).Replace("]]>", "]]]]><![CDATA[>", StringComparison.Ordinal);
        return document.Insert(start.Index + start.Length, $"<metadata><![CDATA[{json}]]></metadata>");
    }

    [GeneratedRegex("<svg\\b[^>]*[^/>]>|<svg>")]
    private static partial Regex RootPattern();
}
