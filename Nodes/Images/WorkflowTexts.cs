using Newtonsoft.Json.Linq;
using NodeHost.Images.Png;

namespace NodeHost.Nodes.Images;

/// <summary>The texts that make a picture drop back onto the canvas: the prompt, then whatever the client sent along.</summary>
internal static class WorkflowTexts
{
    private const int LongestKeyword = 79;

    public static IReadOnlyList<PngText> From(JObject? prompt, JToken? extra)
    {
        var texts = new List<PngText>();
        if (prompt is not null)
        {
            texts.Add(new PngText("prompt", AsciiJson.Write(prompt)));
        }

        if (extra is JObject members)
        {
            texts.AddRange(
                members
                    .Properties()
                    .Where(member => IsKeyword(member.Name))
                    .Select(member => new PngText(member.Name, AsciiJson.Write(member.Value)))
            );
        }

        return texts;
    }

    // A client may send any names; those that a PNG cannot hold are left out rather than spoiling the file.
    private static bool IsKeyword(string name) =>
        name.Length is > 0 and <= LongestKeyword && name.All(letter => letter is >= ' ' and <= '~');
}
