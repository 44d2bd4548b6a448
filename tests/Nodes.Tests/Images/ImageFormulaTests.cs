using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Images;
using NodeHost.Nodes.PostProcessing;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;
using static NodeHost.Tests.Nodes.Images.Planes;

namespace NodeHost.Tests.Nodes.Images;

/// <summary>Nodes that work on the numbers of pictures, against their formulas written out pixel by pixel.</summary>
public sealed class ImageFormulaTests : IDisposable
{
    private const int Height = 9;
    private const int Width = 12;

    private readonly NodeContext _context = new();
    private readonly TensorTestScope _scope = new();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("erode", 3)]
    [InlineData("erode", 4)]
    [InlineData("dilate", 4)]
    [InlineData("open", 3)]
    [InlineData("close", 6)]
    [InlineData("gradient", 5)]
    [InlineData("top_hat", 3)]
    [InlineData("bottom_hat", 7)]
    [InlineData("dilate", 31)] // larger than the picture
    public void ImageMorphology_EachOperation_IsThatOfASquare(string operation, int size)
    {
        var picture = Picture(1);
        var plane = Plane(picture, 1);

        var actual = new ImageMorphology
        {
            Image = picture,
            Operation = operation,
            KernelSize = size,
        }.Execute(_context);

        double[,] Erode(double[,] source) => Each(source, window => window.Min(), size);
        double[,] Dilate(double[,] source) => Each(source, window => window.Max(), size);
        var expected = operation switch
        {
            "erode" => Erode(plane),
            "dilate" => Dilate(plane),
            "open" => Dilate(Erode(plane)),
            "close" => Erode(Dilate(plane)),
            "gradient" => Minus(Dilate(plane), Erode(plane)),
            "top_hat" => Minus(plane, Dilate(Erode(plane))),
            _ => Minus(Erode(Dilate(plane)), plane),
        };
        AssertSame(expected, Plane(actual, 1), 1e-6);
    }

    [Theory]
    [InlineData(0.1, 0.3)]
    [InlineData(0.2, 0.5)]
    public void Canny_Picture_HasTheEdgesOfTheFiveSteps(double low, double high)
    {
        var picture = Picture(2);
        var actual = new Canny
        {
            Image = picture,
            LowThreshold = low,
            HighThreshold = high,
        }.Execute(_context);

        // Grey, a Gaussian of 5x5 over a mirrored border, Sobel over a repeated one.
        var grey = new double[Height, Width];
        foreach (var (share, channel) in new[] { (0.299, 0), (0.587, 1), (0.114, 2) })
        {
            var plane = Plane(picture, channel);
            Fill(grey, (y, x) => grey[y, x] + (share * plane[y, x]));
        }
        double[] bell = [.. Enumerable.Range(-2, 5).Select(offset => Math.Exp(-offset * offset / 2.0))];
        var sum = bell.Sum();
        var blurred = new double[Height, Width];
        Fill(
            blurred,
            (y, x) =>
                Around(2)
                    .Sum(o =>
                        bell[o.Y + 2]
                        * bell[o.X + 2]
                        / (sum * sum)
                        * grey[Mirror(y + o.Y, Height), Mirror(x + o.X, Width)]
                    )
        );
        double Sobel(int y, int x, bool isHorizontal) =>
            Around(1)
                .Sum(o =>
                    (isHorizontal ? o.X * (2 - Math.Abs(o.Y)) : o.Y * (2 - Math.Abs(o.X)))
                    * blurred[Math.Clamp(y + o.Y, 0, Height - 1), Math.Clamp(x + o.X, 0, Width - 1)]
                );
        var length = new double[Height, Width];
        Fill(length, (y, x) => Math.Sqrt(Math.Pow(Sobel(y, x, true), 2) + Math.Pow(Sobel(y, x, false), 2) + 1e-6));

        // What is longer than its neighbours ahead and behind, to 45 degrees.
        double At(int y, int x) => y is < 0 or >= Height || x is < 0 or >= Width ? 0 : length[y, x];
        var thin = new double[Height, Width];
        Fill(
            thin,
            (y, x) =>
            {
                var eighths = Math.Round(Math.Atan2(Sobel(y, x, false), Sobel(y, x, true)) / (Math.PI / 4));
                var (dy, dx) = (
                    Math.Sign(Math.Round(Math.Sin(eighths * Math.PI / 4), 3)),
                    Math.Sign(Math.Round(Math.Cos(eighths * Math.PI / 4), 3))
                );
                return length[y, x] > At(y + dy, x + dx) && length[y, x] > At(y - dy, x - dx) ? length[y, x] : 0;
            }
        );

        // Strong ones, and weak ones that hang together with them.
        var edges = new double[Height, Width];
        Fill(edges, (y, x) => thin[y, x] > high ? 1 : 0);
        for (var round = 0; round < Height * Width; round++)
        {
            var before = (double[,])edges.Clone();
            Fill(
                edges,
                (y, x) =>
                    thin[y, x] > low
                    && Around(1)
                        .Any(o =>
                            y + o.Y is >= 0 and < Height && x + o.X is >= 0 and < Width && before[y + o.Y, x + o.X] == 1
                        )
                        ? 1
                        : before[y, x]
            );
        }
        Assert.InRange(edges.Cast<double>().Sum(), 3, (Height * Width) - 3);
        AssertSame(edges, Plane(actual, 0), 0);
        AssertSame(edges, Plane(actual, 2), 0);
    }

    [Fact]
    public void ImageRgbToYuv_Colours_AreThoseOfBt601()
    {
        var image = new Image(Tensor.From([1f, 0, 0, 0, 1, 0, 0, 0, 1, 0.2f, 0.4f, 0.6f], 1, 1, 4, 3));

        var (y, u, v) = new ImageRgbToYuv { Image = image }.Execute(_context);

        static float[] First(Image part) => part.Pixels.Select(3, 0).ToArray<float>();
        Close([0.299f, 0.587f, 0.114f, 0.363f], First(y));
        Close([0.331364f, 0.168932f, 0.999704f, 0.633668f], First(u));
        Close([0.999813f, 0.081469f, 0.418718f, 0.383781f], First(v));
        Assert.Equal([1, 1, 4, 3], v.Pixels.Shape.ToArray());
    }

    [Fact]
    public void ImageAddNoise_Seed_IsTheCpuGeneratorsAndIsCutOff()
    {
        var picture = Picture(3);

        var actual = new ImageAddNoise
        {
            Image = picture,
            Seed = 11,
            Strength = 0.25,
        }.Execute(_context);

        using var generator = new Generator(11);
        var noise = Tensor.Randn(picture.Pixels.Shape, generator).ToArray<float>();
        Close(
            [
                .. picture
                    .Pixels.ToArray<float>()
                    .Zip(noise, (value, random) => Math.Clamp(value + (0.25f * random), 0, 1)),
            ],
            actual.Pixels.ToArray<float>()
        );
    }

    [Theory]
    [InlineData(24, 24, "white", 24, 18)]
    [InlineData(7, 40, "black", 7, 5)]
    [InlineData(1, 100, "white", 1, 0)]
    public void ResizeAndPadImage_Target_HoldsThePictureInItsMiddle(
        int width,
        int height,
        string colour,
        int innerWidth,
        int innerHeight
    )
    {
        var picture = new Image(Tensor.Full([2, Height, Width, 3], 0.5));
        Image Run() =>
            new ResizeAndPadImage
            {
                Image = picture,
                TargetWidth = width,
                TargetHeight = height,
                PaddingColor = colour,
                Interpolation = "bilinear",
            }.Execute(_context);
        if (innerHeight == 0)
        {
            Assert.ThrowsAny<Exception>(Run);
            return;
        }

        var actual = Run();

        Assert.Equal([2, height, width, 3], actual.Pixels.Shape.ToArray());
        var plane = Plane(actual, 0);
        var (top, left) = ((height - innerHeight) / 2, (width - innerWidth) / 2);
        var expected = new double[height, width];
        Fill(
            expected,
            (y, x) =>
                y >= top && y < top + innerHeight && x >= left && x < left + innerWidth ? 0.5
                : colour == "white" ? 1
                : 0
        );
        AssertSame(expected, plane, 1e-6);
    }

    [Fact]
    public void RepeatImageBatch_Amount_PutsTheBatchBehindItself()
    {
        var picture = new Image(Tensor.From([0f, 0, 0, 1, 1, 1], 2, 1, 1, 3));

        var actual = new RepeatImageBatch { Image = picture, Amount = 2 }.Execute(_context);

        Assert.Equal([0f, 1, 0, 1], actual.Pixels.Select(3, 0).ToArray<float>());
    }

    private static double[,] Each(double[,] source, Func<IEnumerable<double>, double> choose, int size)
    {
        var result = new double[Height, Width];
        // Of an even square the larger half lies before the pixel; what lies outside does not count.
        Fill(
            result,
            (y, x) =>
                choose(
                    from dy in Enumerable.Range(-(size / 2), size)
                    from dx in Enumerable.Range(-(size / 2), size)
                    where y + dy is >= 0 and < Height && x + dx is >= 0 and < Width
                    select source[y + dy, x + dx]
                )
        );
        return result;
    }

    private static double[,] Minus(double[,] a, double[,] b)
    {
        var result = new double[Height, Width];
        Fill(result, (y, x) => a[y, x] - b[y, x]);
        return result;
    }

    private static double[,] Plane(Image image, int channel)
    {
        var values = image.Pixels.Select(0, 0).Select(2, channel).ToArray<float>();
        var plane = new double[image.Height, image.Width];
        Fill(plane, (y, x) => values[(y * image.Width) + x]);
        return plane;
    }

    private static Image Picture(ulong seed)
    {
        using var generator = new Generator(seed);
        return new Image(Tensor.Rand([1, Height, Width, 3], generator));
    }
}
