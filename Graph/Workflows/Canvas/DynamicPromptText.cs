using System.Text;
using System.Text.RegularExpressions;

namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>Dynamic prompts: comments go, one of <c>{a|b}</c> is chosen, a backslash keeps braces and bars.</summary>
internal static partial class DynamicPromptText
{
    public static string Expand(string template, Random random)
    {
        var text = Comments().Replace(template, "");
        // Each open brace has its options so far; the last is the one being written. The bottom is the text itself.
        var open = new Stack<List<StringBuilder>>();
        open.Push([new()]);
        for (var index = 0; index < text.Length; index++)
        {
            var letter = text[index];
            var isInside = open.Count > 1;
            switch (letter)
            {
                case '\\' when index + 1 == text.Length:
                    // So does the frontend, and its prompts are matched exactly.
                    open.Peek()[^1].Append("\\undefined");
                    break;
                case '\\':
                    var next = text[++index];
                    open.Peek()[^1].Append(next is '{' or '}' or '|' ? "" : "\\").Append(next);
                    break;
                case '{':
                    open.Push([new()]);
                    break;
                case '|' when isInside:
                    open.Peek().Add(new());
                    break;
                case '}' when isInside:
                    Close();
                    break;
                default:
                    open.Peek()[^1].Append(letter);
                    break;
            }
        }
        while (open.Count > 1)
        {
            Close();
        }
        return open.Peek()[^1].ToString();

        void Close()
        {
            var options = open.Pop();
            open.Peek()[^1].Append(options[random.Next(options.Count)]);
        }
    }

    [GeneratedRegex(@"/\*[\s\S]*?\*/|//[^\n\r\u2028\u2029]*")]
    private static partial Regex Comments();
}
