using System.Globalization;
using System.Text;

namespace NodeHost.Nodes.Strings;

/// <summary>Rewrites the few things in which Python's regular expressions differ from .NET's.</summary>
/// <remarks>
/// Named groups become plain ones, because .NET numbers named groups after all others and Python in their order.
/// </remarks>
internal sealed class PythonPattern
{
    private readonly string _source;
    private readonly StringBuilder _target = new();
    private readonly Dictionary<string, int> _names = [];
    private int _groups;
    private int _position;

    private PythonPattern(string source) => _source = source;

    public string Text => _target.ToString();

    public IReadOnlyDictionary<string, int> GroupNames => _names;

    public static PythonPattern Translate(string source)
    {
        var pattern = new PythonPattern(source);
        while (pattern._position < source.Length)
        {
            pattern.Step();
        }

        return pattern;
    }

    private void Step()
    {
        switch (_source[_position])
        {
            case '\\':
                Escape();
                break;
            case '[':
                CharacterClass();
                break;
            case '(':
                Group();
                break;
            case '{' when StartsWith("{,"):
                Take("{,", "{0,");
                break;
            default:
                Copy(1);
                break;
        }
    }

    private void Escape()
    {
        if (StartsWith("\\Z"))
        {
            Take("\\Z", "\\z");
        }
        else if (StartsWith("\\U") && _position + 10 <= _source.Length)
        {
            var code = _source.Substring(_position + 2, 8);
            if (
                !int.TryParse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value)
                || !Rune.IsValid(value)
            )
            {
                throw new ArgumentException($"bad escape \\U{code} at position {_position}");
            }

            _target.Append(new Rune(value));
            _position += 10;
        }
        else
        {
            Copy(2);
        }
    }

    // Inside a class Python takes "[" for itself, where .NET may see a subtraction.
    private void CharacterClass()
    {
        Copy(1);
        if (StartsWith("^"))
        {
            Copy(1);
        }

        if (StartsWith("]"))
        {
            Take("]", "\\]");
        }

        while (_position < _source.Length && _source[_position] != ']')
        {
            if (_source[_position] == '\\')
            {
                Escape();
            }
            else if (_source[_position] == '[')
            {
                Take("[", "\\[");
            }
            else
            {
                Copy(1);
            }
        }

        Copy(1);
    }

    private void Group()
    {
        if (StartsWith("(?P<"))
        {
            var name = Until("(?P<".Length, '>');
            if (!_names.TryAdd(name, ++_groups))
            {
                throw new ArgumentException($"redefinition of group name '{name}'");
            }

            _target.Append('(');
        }
        else if (StartsWith("(?P="))
        {
            _target.Append(CultureInfo.InvariantCulture, $"(?:\\{Number(Until("(?P=".Length, ')'))})");
        }
        else if (StartsWith("(?("))
        {
            _target.Append(CultureInfo.InvariantCulture, $"(?({Number(Until("(?(".Length, ')'))})");
        }
        else if (StartsWith("(?"))
        {
            Flags();
        }
        else
        {
            _groups++;
            Copy(1);
        }
    }

    // a, u and L choose alphabets, of which .NET has one.
    private void Flags()
    {
        Copy(2);
        while (_position < _source.Length && "aiLmsux".Contains(_source[_position], StringComparison.Ordinal))
        {
            if ("aLu".Contains(_source[_position], StringComparison.Ordinal))
            {
                _position++;
            }
            else
            {
                Copy(1);
            }
        }
    }

    private int Number(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : _names.TryGetValue(name, out number) ? number
        : throw new ArgumentException($"unknown group name '{name}'");

    private string Until(int prefixLength, char end)
    {
        var start = _position + prefixLength;
        var stop = _source.IndexOf(end, start);
        if (stop < 0)
        {
            throw new ArgumentException($"missing {end}, unterminated name at position {start}");
        }

        _position = stop + 1;
        return _source[start..stop];
    }

    private bool StartsWith(string text) => string.CompareOrdinal(_source, _position, text, 0, text.Length) == 0;

    private void Take(string expected, string replacement)
    {
        _position += expected.Length;
        _target.Append(replacement);
    }

    private void Copy(int count)
    {
        count = Math.Min(count, _source.Length - _position);
        _target.Append(_source, _position, count);
        _position += count;
    }
}
