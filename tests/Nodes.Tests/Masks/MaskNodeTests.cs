using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Nodes.Masks;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Tests.Nodes.Masks;

/// <summary>Edge cases that the golden pictures leave out.</summary>
public sealed class MaskNodeTests : IDisposable
{
    private readonly TensorTestScope _scope = new();
    private readonly NodeContext _context = new();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1, true, 5)]
    [InlineData(1, false, 9)]
    [InlineData(2, true, 13)]
    [InlineData(2, false, 25)]
    [InlineData(16384, true, 81)]
    [InlineData(-1, true, 0)]
    public void GrowMask_OnePixel_GrowsToACrossOrASquare(int expand, bool tapered, double expected)
    {
        var values = Tensor.Zeros([9, 9]);
        values.Slice(0, 4, 5).Slice(1, 4, 5).FillInPlace(1.0);

        var mask = new GrowMask
        {
            Mask = new Mask(values),
            Expand = expand,
            TaperedCorners = tapered,
        }.Execute(_context);

        Assert.Equal(expected, mask.Values.Sum().Item());
    }

    [Fact]
    public void GrowMask_ShrinkingAFullMask_LeavesItsEdges() =>
        Assert.Equal(
            12,
            new GrowMask
            {
                Mask = new Mask(Tensor.Ones([1, 3, 4])),
                Expand = -5,
                TaperedCorners = false,
            }
                .Execute(_context)
                .Values.Sum()
                .Item()
        );

    [Fact]
    public void MaskComposite_OutsideTheDestination_OnlyClamps()
    {
        var mask = new MaskComposite
        {
            Destination = new Mask(Tensor.Full([1, 2, 2], 1.5)),
            Source = new Mask(Tensor.Ones([1, 2, 2])),
            X = 2,
            Operation = "subtract",
        }.Execute(_context);

        Assert.Equal([1f, 1f, 1f, 1f], mask.Values.ToArray<float>());
    }

    [Fact]
    public void FeatherMask_WiderThanTheMask_FadesAsFarAsThereIs()
    {
        var mask = new FeatherMask { Mask = new Mask(Tensor.Ones([1, 1, 4])), Left = 100 }.Execute(_context);

        Assert.Equal([0.25f, 0.5f, 0.75f, 1f], mask.Values.ToArray<float>());
    }

    [Fact]
    public void CropMask_OutsideTheMask_IsRefused() =>
        Assert.Throws<ImageException>(() =>
            new CropMask { Mask = new Mask(Tensor.Ones([1, 4, 4])), X = 4 }.Execute(_context)
        );

    [Fact]
    public void ImageToMask_AlphaOfAPictureWithout_IsRefusedWithARemedy()
    {
        var error = Assert.Throws<ImageException>(() =>
            new ImageToMask { Image = new Image(Tensor.Ones([1, 2, 2, 3])), Channel = "alpha" }.Execute(_context)
        );

        Assert.Contains("mask output", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void JoinImageWithAlpha_ThenSplit_GivesTheMaskBack()
    {
        var alpha = Tensor.From([0f, 0.25f, 0.5f, 1f], 2, 2);
        var joined = new JoinImageWithAlpha
        {
            Image = new Image(Tensor.Full([3, 2, 2, 3], 0.5)),
            Alpha = new Mask(alpha),
        }.Execute(_context);

        var (image, mask) = new SplitImageWithAlpha { Image = joined }.Execute(_context);

        Assert.Equal([1, 2, 2, 4], joined.Pixels.Shape.ToArray());
        Assert.Equal([1, 2, 2, 3], image.Pixels.Shape.ToArray());
        Assert.Equal([0f, 0.25f, 0.5f, 1f], mask.Values.ToArray<float>());
    }

    // Colour and alpha for source 0.8 at alpha 0.5 on destination 0.4 at alpha 0.75, by the formulas of the paper.
    [Theory]
    [InlineData("ADD", 0.7, 1.0)]
    [InlineData("CLEAR", 0.0, 0.0)]
    [InlineData("DST", 0.4, 0.75)]
    [InlineData("DST_ATOP", 0.5, 0.5)]
    [InlineData("DST_IN", 0.4, 0.375)]
    [InlineData("DST_OUT", 0.4, 0.375)]
    [InlineData("DST_OVER", 0.4571429, 0.875)]
    [InlineData("DARKEN", 0.6285714, 0.875)]
    [InlineData("LIGHTEN", 0.7428571, 0.875)]
    [InlineData("MULTIPLY", 0.32, 0.375)]
    [InlineData("SCREEN", 0.6628571, 0.875)]
    [InlineData("SRC", 0.8, 0.5)]
    [InlineData("SRC_ATOP", 0.6, 0.75)]
    [InlineData("SRC_IN", 0.8, 0.375)]
    [InlineData("SRC_OUT", 0.8, 0.125)]
    [InlineData("SRC_OVER", 0.6285714, 0.875)]
    [InlineData("XOR", 0.5, 0.5)]
    public void PorterDuff_EachMode_FollowsItsFormula(string mode, double colour, double alpha)
    {
        var (image, mask) = new PorterDuffImageComposite
        {
            Source = new Image(Tensor.Full([1, 1, 1, 3], 0.8)),
            SourceAlpha = new Mask(Tensor.Full([1, 1, 1], 0.5)),
            Destination = new Image(Tensor.Full([1, 1, 1, 3], 0.4)),
            DestinationAlpha = new Mask(Tensor.Full([1, 1, 1], 0.25)),
            Mode = mode,
        }.Execute(_context);

        Assert.Equal(colour, image.Pixels.ToArray<float>()[0], 1e-6);
        Assert.Equal(1 - alpha, mask.Values.ToArray<float>()[0], 1e-6);
    }
}
