using System.Globalization;

namespace NodeHost.Diffusion.Text.Tokenization;

/// <summary>The Unicode Character Database's combining classes and canonical decompositions, from the file of this name.</summary>
internal sealed class CanonicalForms
{
    private const string Resource = "CanonicalForms.txt";

    private readonly Dictionary<int, byte> _classes = [];
    private readonly Dictionary<int, int[]> _parts = [];
    private readonly Dictionary<(int First, int Second), int> _composites = [];

    public CanonicalForms()
    {
        using var stream =
            typeof(CanonicalForms).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            var items = line.Split(' ');
            if (items[0] == "ccc")
            {
                ReadClass(byte.Parse(items[1].TrimEnd(':'), CultureInfo.InvariantCulture), items.AsSpan(2));
            }
            else if (items[0] != "#")
            {
                ReadDecompositions(items);
            }
        }
    }

    /// <summary>Where a mark stands among the marks of one letter; 0 for all that is no such mark.</summary>
    public int ClassOf(int character) => _classes.GetValueOrDefault(character);

    /// <summary>What a character decomposes into in one step, or null.</summary>
    public int[]? PartsOf(int character) => _parts.GetValueOrDefault(character);

    /// <summary>The character that two others compose to, or null.</summary>
    public int? CompositeOf(int first, int second) =>
        _composites.TryGetValue((first, second), out var composite) ? composite : null;

    private void ReadClass(byte combiningClass, ReadOnlySpan<string> ranges)
    {
        foreach (var range in ranges)
        {
            var dash = range.IndexOf('-', StringComparison.Ordinal);
            var first = Hex(dash < 0 ? range : range[..dash]);
            var last = dash < 0 ? first : Hex(range[(dash + 1)..]);
            for (var character = first; character <= last; character++)
            {
                _classes[character] = combiningClass;
            }
        }
    }

    private void ReadDecompositions(string[] items)
    {
        foreach (var item in items)
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            var isFinal = item.EndsWith('!');
            var parts = Array.ConvertAll(item[(equals + 1)..].TrimEnd('!').Split('+'), Hex);
            var character = Hex(item[..equals]);
            _parts[character] = parts;
            if (!isFinal)
            {
                _composites[(parts[0], parts[1])] = character;
            }
        }
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
