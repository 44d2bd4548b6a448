namespace NodeHost.Images.Charts;

/// <summary>Draws smooth lines, rectangles and text on a white picture.</summary>
public sealed class ChartCanvas
{
    /// <summary>Pixels a point of a letter is wide and high.</summary>
    private const int TextScale = 2;

    public const int TextHeight = ChartFont.Height * TextScale;

    public ChartCanvas(int width, int height)
    {
        Picture = new PixelBuffer(width, height, 3);
        Picture.Data.AsSpan().Fill(255);
    }

    public PixelBuffer Picture { get; }

    /// <summary>Pixels that a text is wide.</summary>
    public static int WidthOf(string text) => text.Length * ChartFont.Advance * TextScale;

    public void Fill(ChartArea area, Colour colour)
    {
        var (left, right) = ((int)Math.Round(area.Left), (int)Math.Round(area.Right));
        for (var y = (int)Math.Round(area.Top); y < (int)Math.Round(area.Bottom); y++)
        {
            for (var x = left; x < right; x++)
            {
                Blend(x, y, colour, 1);
            }
        }
    }

    /// <summary>A line with round ends, its edge smoothed by each pixel's distance.</summary>
    public void Line((double X, double Y) from, (double X, double Y) to, Colour colour, double thickness = 1)
    {
        var reach = thickness / 2 + 1;
        var (deltaX, deltaY) = (to.X - from.X, to.Y - from.Y);
        var square = deltaX * deltaX + deltaY * deltaY;
        var (top, bottom) = ((int)(Math.Min(from.Y, to.Y) - reach), (int)(Math.Max(from.Y, to.Y) + reach));
        var (left, right) = ((int)(Math.Min(from.X, to.X) - reach), (int)(Math.Max(from.X, to.X) + reach));
        for (var y = Math.Max(0, top); y <= Math.Min(bottom, Picture.Height - 1); y++)
        {
            for (var x = Math.Max(0, left); x <= Math.Min(right, Picture.Width - 1); x++)
            {
                var (pointX, pointY) = (x + 0.5 - from.X, y + 0.5 - from.Y);
                var along = square == 0 ? 0 : Math.Clamp((pointX * deltaX + pointY * deltaY) / square, 0, 1);
                var distance = Math.Sqrt(Math.Pow(pointX - along * deltaX, 2) + Math.Pow(pointY - along * deltaY, 2));
                Blend(x, y, colour, Math.Clamp(thickness / 2 + 0.5 - distance, 0, 1));
            }
        }
    }

    /// <summary>A round spot.</summary>
    public void Spot((double X, double Y) centre, Colour colour, double diameter) =>
        Line(centre, centre, colour, diameter);

    /// <summary>A text whose top is at a height.</summary>
    public void Text(double x, double y, string text, Colour colour, TextAnchor anchor = TextAnchor.Start)
    {
        ArgumentNullException.ThrowIfNull(text);
        // The last letter's gap to the next one is not part of what is seen.
        var width = WidthOf(text) - TextScale;
        var left = (int)
            Math.Round(
                x
                    - (
                        anchor switch
                        {
                            TextAnchor.Start => 0,
                            TextAnchor.Middle => width / 2.0,
                            _ => width,
                        }
                    )
            );
        foreach (var (position, letter) in text.Index())
        {
            foreach (var (point, isInked) in ChartFont.Glyph(letter).Index())
            {
                if (isInked)
                {
                    var (row, column) = Math.DivRem(point, ChartFont.Advance - 1);
                    Fill(
                        new ChartArea(
                            left + (position * ChartFont.Advance + column) * TextScale,
                            Math.Round(y) + row * TextScale,
                            TextScale,
                            TextScale
                        ),
                        colour
                    );
                }
            }
        }
    }

    private void Blend(int x, int y, Colour colour, double share)
    {
        if (share <= 0 || x < 0 || y < 0 || x >= Picture.Width || y >= Picture.Height)
        {
            return;
        }
        var pixel = Picture.Row(y).Slice(x * 3, 3);
        var mixed = new Colour(pixel[0], pixel[1], pixel[2]).Towards(colour, share);
        (pixel[0], pixel[1], pixel[2]) = (mixed.Red, mixed.Green, mixed.Blue);
    }
}
