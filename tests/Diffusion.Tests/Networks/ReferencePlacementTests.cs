using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Networks;

[AssertNoLeakedTensors]
public sealed class ReferencePlacementTests
{
    [Fact]
    public void Place_Offset_KeepsTheSheetCloseToASquare()
    {
        // The third would make a column of 16 by 8 below the others, and makes a sheet of 12 by 14 at their right.
        var places = Place("offset", (4, 4), (4, 8), (8, 4), (4, 6));

        Assert.Equal([(1, 0, 0), (1, 2, 0), (1, 0, 4)], places);
    }

    [Fact]
    public void Place_OffsetOfOddSize_RoundsUpToPatches() =>
        Assert.Equal([(1, 0, 0), (1, 2, 0)], Place("offset", (4, 4), (3, 5), (3, 5)));

    [Fact]
    public void Place_Index_CountsUpWithoutOffset() =>
        Assert.Equal([(1, 0, 0), (2, 0, 0)], Place("index", (4, 4), (4, 8), (8, 4)));

    [Fact]
    public void Place_Uxo_GoesDownTheDiagonalFromThePaddedImage() =>
        Assert.Equal([(0, 3, 2), (0, 5, 6)], Place("uxo", (5, 4), (4, 8), (8, 4)));

    [Fact]
    public void Place_UnknownMethod_NamesTheKnownOnes()
    {
        var error = Assert.Throws<ArgumentException>(() => Place("spiral", (4, 4), (4, 4)));

        Assert.Contains("'offset', 'index' or 'uxo'", error.Message);
    }

    private static (int Index, int Row, int Column)[] Place(
        string method,
        (int Height, int Width) image,
        params (int Height, int Width)[] references
    )
    {
        using var scope = new TensorScope();
        var patches = references.Select(Patches).ToArray();
        var placed = ReferencePlacement.Place(Patches(image), patches, method);
        return [.. placed.Select(reference => (reference.Index, reference.Row, reference.Column))];
    }

    private static LatentPatches Patches((int Height, int Width) size) =>
        LatentPatches.Of(Tensor.Zeros([1, 16, size.Height, size.Width]));
}
