namespace NodeHost.Images.Quantization;

/// <summary>A box of the colour cube with the colours in it; a split one has two halves instead.</summary>
internal sealed class ColourBox
{
    // Luminance weights: red 77, green 150, blue 29 of 256.
    private static readonly int[] AxisWeights = [77, 150, 29];

    private readonly int[] _lowest = [255, 255, 255];
    private readonly int[] _highest = [0, 0, 0];

    public ColourBox(CountedColour[] colours)
    {
        Colours = colours;
        foreach (var colour in colours)
        {
            PixelCount += colour.Count;
            for (var axis = 0; axis < 3; axis++)
            {
                _lowest[axis] = Math.Min(_lowest[axis], colour.Value(axis));
                _highest[axis] = Math.Max(_highest[axis], colour.Value(axis));
            }
        }
    }

    public CountedColour[] Colours { get; private set; }

    public int PixelCount { get; }

    public ColourBox? Upper { get; private set; }

    public ColourBox? Lower { get; private set; }

    public bool IsSingleColour => _lowest.AsSpan().SequenceEqual(_highest);

    /// <summary>Puts the brighter half of the pixels, along the widest axis, into one box and the rest into another.</summary>
    public void Split()
    {
        var axis = WidestAxis();
        var threshold = Threshold(axis);
        Upper = new ColourBox([.. Colours.Where(colour => colour.Value(axis) >= threshold)]);
        Lower = new ColourBox([.. Colours.Where(colour => colour.Value(axis) < threshold)]);
        Colours = [];
    }

    private int WidestAxis()
    {
        var best = 0;
        for (var axis = 1; axis < 3; axis++)
        {
            best = Extent(axis) > Extent(best) ? axis : best;
        }

        return best;

        int Extent(int axis) => (_highest[axis] - _lowest[axis]) * AxisWeights[axis];
    }

    // From the brightest down until more than half of the pixels are in; colours of one value stay together, and the
    // darkest value always goes to the other side.
    private int Threshold(int axis)
    {
        Span<long> histogram = stackalloc long[256];
        foreach (var colour in Colours)
        {
            histogram[colour.Value(axis)] += colour.Count;
        }

        var taken = 0L;
        var value = _highest[axis];
        for (; value > _lowest[axis]; value--)
        {
            taken += histogram[value];
            if (taken * 2 > PixelCount)
            {
                break;
            }
        }

        return Math.Max(value, _lowest[axis] + 1);
    }
}
