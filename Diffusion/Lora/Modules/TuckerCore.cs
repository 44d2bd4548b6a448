using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora.Modules;

/// <summary>Tucker's decomposition of a kernel: a small core between two matrices.</summary>
internal static class TuckerCore
{
    public static bool Fits(Tensor core, Tensor left, Tensor right) =>
        core.Rank == 4
        && left.Rank == 2
        && right.Rank == 2
        && core.Length(0) == left.Length(0)
        && core.Length(1) == right.Length(0);

    /// <summary><c>W[p, r, h, w] = sum over i, j of core[i, j, h, w] left[i, p] right[j, r]</c>.</summary>
    public static Tensor Rebuild(Tensor core, Tensor left, Tensor right)
    {
        var turned = Functional.Matmul(core.Permute(0, 2, 3, 1), right); // [i, h, w, r]
        return Functional.Matmul(turned.Permute(1, 2, 3, 0), left).Permute(3, 2, 0, 1); // [p, r, h, w]
    }
}
