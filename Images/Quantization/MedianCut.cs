namespace NodeHost.Images.Quantization;

/// <summary>Heckbert's median cut as Pillow does it: the box with most pixels is split along its widest weighted axis.</summary>
/// <remarks>
/// Choices that show in the result (weights of the axes, order of equal boxes, rounding) are those of Toby J Sargeant's
/// code in Pillow (HPND licence): https://github.com/python-pillow/Pillow/blob/9.4.0/src/libImaging/Quant.c
/// </remarks>
public static class MedianCut
{
    private const int MaximumDistinct = 65536;

    /// <summary>At most <paramref name="colourCount"/> colours for an RGB picture.</summary>
    public static Palette Build(PixelBuffer picture, int colourCount)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(picture.Channels, 3, nameof(picture));
        var shift = ChooseShift(picture);
        var counts = Count(picture, shift);
        var colours = counts.Select(pair => new CountedColour(pair.Key, pair.Value)).ToArray();
        var leaves = Cut(new ColourBox(colours), colourCount);

        var boxOf = new Dictionary<int, int>();
        for (var box = 0; box < leaves.Count; box++)
        {
            foreach (var colour in leaves[box].Colours)
            {
                boxOf[colour.Key] = box;
            }
        }

        return new Palette(Average(picture, shift, boxOf, leaves.Count));
    }

    // Pillow drops low bits while there are more distinct colours than its table takes.
    private static int ChooseShift(PixelBuffer picture)
    {
        for (var shift = 0; ; shift++)
        {
            var seen = new HashSet<int>();
            var data = picture.Data;
            var fits = true;
            for (var i = 0; i < data.Length && fits; i += 3)
            {
                seen.Add(CountedColour.KeyOf(data.AsSpan(i, 3), shift));
                fits = seen.Count <= MaximumDistinct;
            }

            if (fits)
            {
                return shift;
            }
        }
    }

    private static Dictionary<int, int> Count(PixelBuffer picture, int shift)
    {
        var counts = new Dictionary<int, int>();
        for (var i = 0; i < picture.Data.Length; i += 3)
        {
            var key = CountedColour.KeyOf(picture.Data.AsSpan(i, 3), shift);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return counts;
    }

    private static List<ColourBox> Cut(ColourBox root, int colourCount)
    {
        var heap = new BoxHeap();
        heap.Add(root);
        for (var splits = 1; splits < colourCount; splits++)
        {
            ColourBox? box;
            do
            {
                box = heap.TryRemove();
            } while (box is { IsSingleColour: true });

            if (box is null)
            {
                break;
            }

            box.Split();
            heap.Add(box.Upper!);
            heap.Add(box.Lower!);
        }

        return Leaves(root);
    }

    private static List<ColourBox> Leaves(ColourBox root)
    {
        var leaves = new List<ColourBox>();
        var pending = new Stack<ColourBox>([root]);
        while (pending.TryPop(out var box))
        {
            if (box.Upper is null)
            {
                leaves.Add(box);
                continue;
            }

            pending.Push(box.Lower!);
            pending.Push(box.Upper);
        }

        return leaves;
    }

    private static (byte, byte, byte)[] Average(PixelBuffer picture, int shift, Dictionary<int, int> boxOf, int boxes)
    {
        var sums = new uint[boxes, 4];
        for (var i = 0; i < picture.Data.Length; i += 3)
        {
            var pixel = picture.Data.AsSpan(i, 3);
            var box = boxOf[CountedColour.KeyOf(pixel, shift)];
            sums[box, 0] += pixel[0];
            sums[box, 1] += pixel[1];
            sums[box, 2] += pixel[2];
            sums[box, 3]++;
        }

        byte Mean(int box, int channel) => (byte)(0.5 + ((double)sums[box, channel] / sums[box, 3]));
        return [.. Enumerable.Range(0, boxes).Select(box => (Mean(box, 0), Mean(box, 1), Mean(box, 2)))];
    }
}
