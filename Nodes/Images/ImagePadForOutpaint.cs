using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Images;

/// <summary>Adds grey borders, and a mask of what is to be painted there.</summary>
[Node("ImagePadForOutpaint", Category = "image", DisplayName = "Pad Image for Outpainting")]
public sealed class ImagePadForOutpaint : INode<(Image Image, Mask Mask)>
{
    [Input]
    public required Image Image { get; init; }

    [Number(0, 16384, Step = 8)]
    public int Left { get; init; }

    [Number(0, 16384, Step = 8)]
    public int Top { get; init; }

    [Number(0, 16384, Step = 8)]
    public int Right { get; init; }

    [Number(0, 16384, Step = 8)]
    public int Bottom { get; init; }

    [Number(0, 16384, Step = 1)]
    public int Feathering { get; init; } = 40;

    public (Image Image, Mask Mask) Execute(NodeContext context)
    {
        var (height, width) = (Image.Height, Image.Width);
        var padded = Image.Pixels.Pad([0, 0, Left, Right, Top, Bottom], 0.5);
        var mask = Tensor.Ones([height + Top + Bottom, width + Left + Right]);
        mask.Slice(0, Top, Top + height).Slice(1, Left, Left + width).Assign(Inside((int)height, (int)width));
        return (new Image(padded), new Mask(mask.Unsqueeze(0)));
    }

    // 0 on the picture itself, rising with the square of the nearness to a border that was added.
    private Tensor Inside(int height, int width)
    {
        var values = new float[height * width];
        if (Feathering > 0 && Feathering * 2L < height && Feathering * 2L < width)
        {
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    var distance = Math.Min(
                        Math.Min(Top != 0 ? y : height, Bottom != 0 ? height - y : height),
                        Math.Min(Left != 0 ? x : width, Right != 0 ? width - x : width)
                    );
                    var nearness = (double)(Feathering - distance) / Feathering;
                    values[(y * width) + x] = distance < Feathering ? (float)(nearness * nearness) : 0;
                }
            }
        }

        return Tensor.From(values, height, width);
    }
}
