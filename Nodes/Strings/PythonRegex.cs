using System.Text.RegularExpressions;

namespace NodeHost.Nodes.Strings;

/// <summary>A regular expression in Python's syntax, run by .NET's engine within a time limit.</summary>
internal sealed class PythonRegex
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private readonly Regex _regex;
    private readonly IReadOnlyDictionary<string, int> _groupNames;

    private PythonRegex(PythonPattern pattern, RegexOptions options)
    {
        _regex = new Regex(pattern.Text, options, TimeLimit);
        _groupNames = pattern.GroupNames;
    }

    /// <exception cref="ArgumentException">The expression is wrong; the message says where.</exception>
    public static PythonRegex Parse(string pattern, bool ignoreCase, bool multiline, bool dotAll)
    {
        var options = RegexOptions.CultureInvariant;
        options |= ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None;
        options |= multiline ? RegexOptions.Multiline : RegexOptions.None;
        options |= dotAll ? RegexOptions.Singleline : RegexOptions.None;
        return new PythonRegex(PythonPattern.Translate(pattern), options);
    }

    /// <summary>Null for a wrong expression.</summary>
    public static PythonRegex? TryParse(string pattern, bool ignoreCase, bool multiline, bool dotAll)
    {
        try
        {
            return Parse(pattern, ignoreCase, multiline, dotAll);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public Match? Find(string text) => _regex.Match(text) is { Success: true } match ? match : null;

    public IEnumerable<Match> FindAll(string text) => _regex.Matches(text);

    /// <summary>Replaces the first <paramref name="count"/> finds; 0 replaces all.</summary>
    public string Replace(string text, string replacement, int count)
    {
        var template = PythonReplacement.Parse(replacement, _groupNames, _regex.GetGroupNumbers().Length - 1);
        return _regex.Replace(text, template.Expand, count == 0 ? -1 : count);
    }
}
