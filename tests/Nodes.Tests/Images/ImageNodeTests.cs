using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Nodes.Images;
using NodeHost.Nodes.PostProcessing;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Tests.Nodes.Images;

/// <summary>Edge cases that the golden pictures leave out.</summary>
public sealed class ImageNodeTests : IDisposable
{
    private readonly TensorTestScope _scope = new();
    private readonly NodeContext _context = new();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(0, 20, 50, 20)]
    [InlineData(25, 0, 25, 10)]
    [InlineData(0, 0, 10, 4)]
    [InlineData(1, 0, 1, 1)]
    public void ImageScale_ZeroSide_FollowsFromTheOther(int width, int height, long expectedWidth, long expectedHeight)
    {
        var image = new ImageScale
        {
            Image = Picture(10, 4),
            Width = width,
            Height = height,
        }.Execute(_context);

        Assert.Equal((expectedWidth, expectedHeight), (image.Width, image.Height));
    }

    [Fact]
    public void ImageScale_CentreCropAtAHalf_RoundsToEven()
    {
        // 5 wide to 4 wide: (5 - 4) / 2 = 0.5 rounds to 0, so nothing is cut off.
        var ramp = Tensor.Arange(0, 5).Reshape(1, 1, 5, 1).Expand(1, 4, 5, 3) / 10;
        var image = new ImageScale
        {
            Image = new Image(ramp),
            Width = 4,
            Height = 4,
            Crop = "center",
        }.Execute(_context);

        Assert.Equal([0f, 0.1f, 0.3f, 0.4f], image.Pixels.Select(3, 0).Select(1, 0).ToArray<float>());
    }

    [Fact]
    public void ImageScaleBy_ToNothing_IsRefusedWithARemedy()
    {
        var error = Assert.Throws<ImageException>(() =>
            new ImageScaleBy { Image = Picture(10, 4), ScaleBy = 0.01 }.Execute(_context)
        );

        Assert.Contains("given 0x0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImageScale_LanczosWithAlpha_KeepsFourChannels()
    {
        var image = new ImageScale
        {
            Image = new Image(Tensor.Full([2, 8, 8, 4], 0.5)),
            UpscaleMethod = "lanczos",
            Width = 4,
            Height = 4,
        }.Execute(_context);

        Assert.Equal([2, 4, 4, 4], image.Pixels.Shape.ToArray());
    }

    [Fact]
    public void ImageBatch_OneWithAlpha_MakesTheOtherOpaque()
    {
        var image = new ImageBatch { Image1 = Picture(4, 4), Image2 = new Image(Tensor.Zeros([1, 2, 2, 4])) }.Execute(
            _context
        );

        Assert.Equal([2, 4, 4, 4], image.Pixels.Shape.ToArray());
        Assert.Equal(1, image.Pixels.Select(0, 0).Select(2, 3).Min().Item());
    }

    [Fact]
    public void ImageCrop_BeyondThePicture_KeepsWhatIsThere()
    {
        var image = new ImageCrop
        {
            Image = Picture(10, 4),
            X = 50,
            Y = 2,
        }.Execute(_context);

        Assert.Equal((1, 2), (image.Width, image.Height));
    }

    [Fact]
    public void ImageFromBatch_BeyondTheBatch_GivesTheLast()
    {
        var batch = new Image(Tensor.Concat([Tensor.Zeros([1, 1, 1, 3]), Tensor.Ones([1, 1, 1, 3])], 0));

        var image = new ImageFromBatch
        {
            Image = batch,
            BatchIndex = 7,
            Length = 9,
        }.Execute(_context);

        Assert.Equal([1f, 1f, 1f], image.Pixels.ToArray<float>());
    }

    [Fact]
    public void ImageCompositeMasked_PartlyOutside_ChangesTheOverlapOnly()
    {
        var image = new ImageCompositeMasked
        {
            Destination = new Image(Tensor.Zeros([1, 3, 3, 3])),
            Source = new Image(Tensor.Ones([1, 2, 2, 3])),
            X = 2,
            Y = 2,
        }.Execute(_context);

        Assert.Equal(3, image.Pixels.Sum().Item());
        Assert.Equal([1f, 1f, 1f], image.Pixels.Select(1, 2).Select(1, 2).ToArray<float>());
    }

    [Fact]
    public void ImageCompositeMasked_WhollyOutside_ChangesNothing()
    {
        var image = new ImageCompositeMasked
        {
            Destination = new Image(Tensor.Zeros([1, 3, 3, 3])),
            Source = new Image(Tensor.Ones([1, 2, 2, 3])),
            X = 100,
        }.Execute(_context);

        Assert.Equal(0, image.Pixels.Sum().Item());
    }

    [Theory]
    [InlineData("right", 13, 5)]
    [InlineData("up", 8, 14)]
    public void ImageStitch_DifferentSizesAndChannels_FillsUp(string direction, long width, long height)
    {
        var image = new ImageStitch
        {
            Image1 = Picture(3, 5),
            Image2 = new Image(Tensor.Ones([2, 7, 8, 4])),
            Direction = direction,
            MatchImageSize = false,
            SpacingWidth = 1,
        }.Execute(_context);

        Assert.Equal([2, direction == "right" ? 7 : height, width, 4], image.Pixels.Shape.ToArray());
    }

    [Theory]
    [InlineData(0, 0.2, 0.6, 0.6)]
    [InlineData(1, 0.2, 0.6, 0.12)]
    [InlineData(2, 0.2, 0.6, 0.68)]
    [InlineData(3, 0.2, 0.6, 0.24)]
    [InlineData(3, 0.7, 0.6, 0.76)]
    [InlineData(4, 0.2, 0.6, 0.2496)]
    [InlineData(4, 0.49, 0.6, 0.532)]
    [InlineData(4, 0.2, 0.3, 0.136)]
    [InlineData(5, 0.7, 0.6, 0.1)]
    [InlineData(5, 0.2, 0.6, 0)]
    public void ImageBlend_EachMode_FollowsItsFormula(int mode, double lower, double upper, double expected)
    {
        string[] modes = ["normal", "multiply", "screen", "overlay", "soft_light", "difference"];
        var image = new ImageBlend
        {
            Image1 = new Image(Tensor.Full([1, 1, 1, 3], lower)),
            Image2 = new Image(Tensor.Full([1, 1, 1, 3], upper)),
            BlendMode = modes[mode],
            BlendFactor = 1,
        }.Execute(_context);

        Assert.Equal(expected, image.Pixels.ToArray<float>()[0], 1e-6);
    }

    [Fact]
    public void ImageBlur_RadiusBeyondThePicture_IsRefusedWithARemedy()
    {
        var error = Assert.Throws<ImageException>(() =>
            new ImageBlur { Image = Picture(4, 4), BlurRadius = 4 }.Execute(_context)
        );

        Assert.Contains("Choose a smaller radius", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RebatchImages_UnevenBatches_AreDealtAnew()
    {
        var batches = new RebatchImages
        {
            Images = [new Image(Tensor.Zeros([3, 1, 1, 3])), new Image(Tensor.Ones([2, 1, 1, 3]))],
            BatchSize = [2],
        }.Execute(_context);

        Assert.Equal([2L, 2L, 1L], batches.Select(batch => batch.BatchSize));
        Assert.Equal([0f, 0f, 0f, 1f, 1f, 1f], batches[1].Pixels.ToArray<float>());
    }

    [Fact]
    public void ImageMorphology_DilateOneBrightPixel_MakesASquare()
    {
        var pixels = Tensor.Zeros([1, 7, 7, 3]);
        pixels.Slice(1, 3, 4).Slice(2, 3, 4).FillInPlace(1.0);

        var image = new ImageMorphology
        {
            Image = new Image(pixels),
            Operation = "dilate",
            KernelSize = 5,
        }.Execute(_context);

        Assert.Equal(25 * 3, image.Pixels.Sum().Item());
    }

    [Fact]
    public void Canny_OneStep_FindsOneLine()
    {
        var pixels = Tensor.Zeros([1, 16, 16, 3]);
        pixels.Slice(2, 8).FillInPlace(1.0);

        var edges = new Canny { Image = new Image(pixels) }
            .Execute(_context)
            .Pixels;

        Assert.Equal([1, 16, 16, 3], edges.Shape.ToArray());
        var columns = edges.Select(3, 0).Sum([0, 1]).ToArray<float>();
        Assert.All(columns, (count, column) => Assert.True(column is 7 or 8 || count == 0, $"edge in column {column}"));
        Assert.True(columns[7] + columns[8] >= 14);
    }

    [Fact]
    public void ImageYuvToRgb_AfterRgbToYuv_ComesBack()
    {
        using var generator = new Generator(3);
        var image = new Image(Tensor.Rand([1, 4, 4, 3], generator));

        var (y, u, v) = new ImageRgbToYuv { Image = image }.Execute(_context);
        var again = new ImageYuvToRgb
        {
            Y = y,
            U = u,
            V = v,
        }.Execute(_context);

        Assert.True((again.Pixels - image.Pixels).Abs().Max().Item() < 2e-3);
    }

    private static Image Picture(long width, long height) => new(Tensor.Full([1, height, width, 3], 0.5));
}
