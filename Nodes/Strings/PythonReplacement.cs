using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NodeHost.Nodes.Strings;

/// <summary>A replacement in Python's syntax: \1 and \g&lt;name&gt; stand for groups, \n and its like for characters.</summary>
internal sealed class PythonReplacement
{
    private readonly List<(string? Text, int Group)> _parts = [];

    public static PythonReplacement Parse(string template, IReadOnlyDictionary<string, int> names, int groupCount)
    {
        var replacement = new PythonReplacement();
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; )
        {
            if (template[i] != '\\')
            {
                text.Append(template[i++]);
            }
            else if (Group(template, ref i, names) is { } group)
            {
                if (group > groupCount)
                {
                    throw new ArgumentException(
                        $"invalid group reference {group}: the expression has {groupCount} groups."
                    );
                }

                replacement._parts.Add((text.ToString(), -1));
                replacement._parts.Add((null, group));
                text.Clear();
            }
            else
            {
                text.Append(Character(template, ref i));
            }
        }

        replacement._parts.Add((text.ToString(), -1));
        return replacement;
    }

    public string Expand(Match match) =>
        string.Concat(_parts.Select(part => part.Text ?? match.Groups[part.Group].Value));

    private static int? Group(string template, ref int position, IReadOnlyDictionary<string, int> names)
    {
        var rest = template.AsSpan(position + 1);
        if (rest.StartsWith("g<"))
        {
            var end = rest.IndexOf('>');
            if (end < 0)
            {
                throw new ArgumentException("missing >, unterminated name in the replacement");
            }

            var name = rest[2..end].ToString();
            position += end + 2;
            return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                : names.TryGetValue(name, out number) ? number
                : throw new ArgumentException($"unknown group name '{name}' in the replacement");
        }

        if (rest.Length == 0 || rest[0] is < '1' or > '9')
        {
            return null;
        }

        var digits = rest.Length > 1 && char.IsAsciiDigit(rest[1]) ? 2 : 1;
        position += 1 + digits;
        return int.Parse(rest[..digits], CultureInfo.InvariantCulture);
    }

    private static char Character(string template, ref int position)
    {
        var letter = position + 1 < template.Length ? template[position + 1] : '\\';
        position += 2;
        return letter switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'v' => '\v',
            '0' => '\0',
            '\\' => '\\',
            _ when char.IsAsciiLetterOrDigit(letter) => throw new ArgumentException(
                $"bad escape \\{letter} in the replacement at position {position - 2}"
            ),
            _ => Backslashed(ref position),
        };
    }

    // Before anything else a backslash stands for itself, and what follows is read again.
    private static char Backslashed(ref int position)
    {
        position--;
        return '\\';
    }
}
