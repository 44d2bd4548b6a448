using NodeHost.Tensors;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>
/// The paper's disentanglement, https://arxiv.org/abs/2412.09611: what an edit prompt's attention has in
/// common with that of a neutral prompt is taken out, token by token, <c>l' = l - (l . n) / (n . n) n</c>.
/// </summary>
internal static class NeutralProjection
{
    private const double SmallestSquare = 1e-30;

    /// <summary>The part of <paramref name="value"/> that is orthogonal to <paramref name="neutral"/>, both [rows, tokens, C].</summary>
    public static Tensor Remove(Tensor value, Tensor neutral)
    {
        using var scope = new TensorScope();
        var (own, direction) = (value.To(DType.Float32), neutral.To(DType.Float32));
        var square = (direction * direction).Sum([-1], keepDimensions: true).Clamp(SmallestSquare, null);
        var share = (own * direction).Sum([-1], keepDimensions: true) / square;
        return scope.Keep((own - direction * share).To(value.DType));
    }
}
