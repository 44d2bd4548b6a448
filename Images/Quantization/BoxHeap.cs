namespace NodeHost.Images.Quantization;

/// <summary>A binary heap with the fullest box on top.</summary>
/// <remarks>Not PriorityQueue: which of two equally full boxes comes first decides the palette, and must be Pillow's choice.</remarks>
internal sealed class BoxHeap
{
    // Slot 0 is unused, so that the children of k are 2k and 2k + 1.
    private readonly List<ColourBox> _boxes = [null!];

    public void Add(ColourBox box)
    {
        _boxes.Add(box);
        var slot = _boxes.Count - 1;
        while (slot > 1 && box.PixelCount > _boxes[slot / 2].PixelCount)
        {
            _boxes[slot] = _boxes[slot / 2];
            slot /= 2;
        }

        _boxes[slot] = box;
    }

    public ColourBox? TryRemove()
    {
        var count = _boxes.Count - 1;
        if (count == 0)
        {
            return null;
        }

        var top = _boxes[1];
        var last = _boxes[count];
        _boxes.RemoveAt(count);
        count--;
        if (count == 0)
        {
            return top;
        }

        var slot = 1;
        while (slot * 2 <= count)
        {
            var child = slot * 2;
            if (child < count && _boxes[child].PixelCount < _boxes[child + 1].PixelCount)
            {
                child++;
            }

            if (last.PixelCount > _boxes[child].PixelCount)
            {
                break;
            }

            _boxes[slot] = _boxes[child];
            slot = child;
        }

        _boxes[slot] = last;
        return top;
    }
}
