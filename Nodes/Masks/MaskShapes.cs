using NodeHost.Tensors;

namespace NodeHost.Nodes.Masks;

/// <summary>Masks come as [B, H, W], as [H, W], and with a channel; nodes want one shape.</summary>
internal static class MaskShapes
{
    /// <summary>[B, H, W].</summary>
    public static Tensor AsBatch(Tensor mask) => mask.Reshape(-1, mask.Length(-2), mask.Length(-1));

    /// <summary>Grey pictures [B, H, W, 3].</summary>
    public static Tensor AsPictures(Tensor mask) => AsBatch(mask).Unsqueeze(3).Expand(-1, -1, -1, 3);
}
