namespace NodeHost.Images.Quantization;

/// <summary>Repaints an RGB picture with the colours of a palette.</summary>
public static class PaletteMapping
{
    /// <summary>Each pixel by the palette's colour nearest to it.</summary>
    public static PixelBuffer Nearest(PixelBuffer picture, Palette palette)
    {
        var result = new PixelBuffer(picture.Width, picture.Height, 3);
        for (var i = 0; i < picture.Data.Length; i += 3)
        {
            var pixel = picture.Data.AsSpan(i, 3);
            Paint(result.Data.AsSpan(i, 3), palette[palette.Nearest(pixel[0], pixel[1], pixel[2])]);
        }

        return result;
    }

    /// <summary>Floyd and Steinberg's error diffusion, rows from left to right, with Pillow's whole-number errors.</summary>
    /// <remarks>https://github.com/python-pillow/Pillow/blob/9.4.0/src/libImaging/Convert.c (HPND licence).</remarks>
    public static PixelBuffer FloydSteinberg(PixelBuffer picture, Palette palette)
    {
        var result = new PixelBuffer(picture.Width, picture.Height, 3);
        var rows = new DiffusionRow[] { new(picture.Width), new(picture.Width), new(picture.Width) };
        for (var y = 0; y < picture.Height; y++)
        {
            var source = picture.Row(y);
            var target = result.Row(y);
            foreach (var row in rows)
            {
                row.Start();
            }

            for (var x = 0; x < picture.Width; x++)
            {
                var red = rows[0].Adjust(source[x * 3], x);
                var green = rows[1].Adjust(source[(x * 3) + 1], x);
                var blue = rows[2].Adjust(source[(x * 3) + 2], x);
                var colour = palette[palette.Nearest(red, green, blue)];
                Paint(target.Slice(x * 3, 3), colour);
                rows[0].Spread(red - colour.Red, x);
                rows[1].Spread(green - colour.Green, x);
                rows[2].Spread(blue - colour.Blue, x);
            }

            // Pillow writes the three running values of blue where one value of each colour belongs.
            var (below, diagonal, last) = rows[2].Running;
            rows[0].Finish(below);
            rows[1].Finish(diagonal);
            rows[2].Finish(last);
        }

        return result;
    }

    private static void Paint(Span<byte> pixel, (byte Red, byte Green, byte Blue) colour) =>
        (pixel[0], pixel[1], pixel[2]) = colour;
}
