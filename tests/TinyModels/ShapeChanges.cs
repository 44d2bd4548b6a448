using System.Globalization;

namespace NodeHost.TinyModels;

/// <summary>How shapes differ from a template's: sizes that become others wherever they occur, and shapes of single tensors.</summary>
internal sealed class ShapeChanges
{
    private readonly Dictionary<long, long> _sizes = [];
    private readonly Dictionary<string, long[]> _shapes = [];

    /// <summary>Reads <c>96=64</c> as a change of size and <c>img_in.weight=64,384</c> as the shape of a tensor.</summary>
    public static ShapeChanges Parse(IEnumerable<string> changes)
    {
        var result = new ShapeChanges();
        foreach (var change in changes)
        {
            var (what, sizes) = (change[..change.IndexOf('=')], change[(change.IndexOf('=') + 1)..]);
            if (long.TryParse(what, CultureInfo.InvariantCulture, out var size))
            {
                result._sizes.Add(size, long.Parse(sizes, CultureInfo.InvariantCulture));
            }
            else
            {
                result._shapes.Add(
                    what,
                    [.. sizes.Split(',').Select(text => long.Parse(text, CultureInfo.InvariantCulture))]
                );
            }
        }
        return result;
    }

    public long[] Apply(string key, ReadOnlySpan<long> shape) =>
        _shapes.TryGetValue(key, out var given)
            ? given
            : [.. shape.ToArray().Select(size => _sizes.GetValueOrDefault(size, size))];
}
