using NodeHost.Images;
using NodeHost.Tensors;

namespace NodeHost.Tests.Images;

[AssertNoLeakedTensors]
public sealed class ImageTensorsTests
{
    [Fact]
    public void ToTensor_EveryLevel_IsDividedBy255InFloat32()
    {
        var picture = new PixelBuffer(256, 1, 1, [.. Enumerable.Range(0, 256).Select(value => (byte)value)]);

        using var tensor = ImageTensors.ToTensor([picture]);

        Assert.Equal([1, 1, 256, 3], tensor.Shape.ToArray());
        Assert.Equal(77 / 255f, tensor.ToArray<float>()[77 * 3]);
    }

    [Fact]
    public void ToPictures_ValuesBetweenLevels_AreCutOffNotRounded()
    {
        using var tensor = Tensor.From([0.5f, -3f, 2f, 0.9999f, 1f, float.NaN], 1, 1, 2, 3);

        var picture = ImageTensors.ToPictures(tensor)[0];

        Assert.Equal([127, 0, 255, 254, 255, 0], picture.Data);
    }

    [Fact]
    public void ToPictures_EveryLevel_ComesBackAsItWas()
    {
        var picture = new PixelBuffer(256, 1, 1, [.. Enumerable.Range(0, 256).Select(value => (byte)value)]);
        using var tensor = ImageTensors.ToTensor([picture]);

        var again = ImageTensors.ToPictures(tensor)[0];

        Assert.Equal(picture.ToChannels(3).Data, again.Data);
    }

    [Fact]
    public void AlphaToMask_IsOneWhereThePictureIsTransparent()
    {
        using var mask = ImageTensors.AlphaToMask([new PixelBuffer(2, 1, 4, [9, 9, 9, 0, 9, 9, 9, 255])]);

        Assert.Equal([1, 1, 2], mask.Shape.ToArray());
        Assert.Equal([1f, 0f], mask.ToArray<float>());
    }

    [Fact]
    public void ToPictures_WrongRank_IsRefusedWithTheShape()
    {
        using var tensor = Tensor.Zeros([4, 4, 3]);

        var refusal = Assert.Throws<ImageException>(() => ImageTensors.ToPictures(tensor));

        Assert.Contains("[4, 4, 3]", refusal.Message, StringComparison.Ordinal);
    }
}
