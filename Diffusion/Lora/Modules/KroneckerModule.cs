using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora.Modules;

/// <summary>LoKr: the Kronecker product of a small matrix and a larger one, each whole or of low rank.</summary>
/// <remarks>LyCORIS, arXiv 2309.14859. Where both are whole, alpha counts for nothing.</remarks>
internal sealed class KroneckerModule(string name, KroneckerKeys first, KroneckerKeys second) : LoraModule(name)
{
    public override string Kind => "LoKr";

    private protected override IEnumerable<string?> OwnKeys =>
        [first.Whole, first.Left, first.Right, second.Whole, second.Left, second.Right, second.Core];

    internal override (Tensor Change, double Factor) Compute(ILoraTensors tensors, Tensor weight, double strength)
    {
        using var scope = new TensorScope();
        var (small, smallRank) = Factor(tensors, first, weight.ElementCount);
        var (large, largeRank) = Factor(tensors, second, weight.ElementCount);
        if (small.Rank != 2 || large.Rank is not (2 or 4) || small.ElementCount == 0 || large.ElementCount == 0)
        {
            throw Damaged(tensors, $"a matrix and a matrix or kernel, got {small} and {large}");
        }
        CheckSize(tensors, weight.ElementCount, small.ElementCount, large.ElementCount);
        var factor = (largeRank ?? smallRank) is { } rank ? AlphaOver(tensors, rank) : 1;
        return (scope.Keep(Product(small, large)), strength * factor);
    }

    // [a, c] x [b, d, ...] -> [a b, c d, ...]
    private static Tensor Product(Tensor small, Tensor large)
    {
        var (a, c) = (small.Length(0), small.Length(1));
        var (b, d) = (large.Length(0), large.Length(1));
        var product = small.Reshape(a, 1, c, 1, 1) * large.Reshape(1, b, 1, d, -1);
        return product.Reshape(a * b, -1);
    }

    private (Tensor Matrix, long? Rank) Factor(ILoraTensors tensors, KroneckerKeys keys, long most)
    {
        if (keys.Whole is { } whole)
        {
            return (tensors.Load(whole), null);
        }
        var (left, right) = (tensors.Load(keys.Left!), tensors.Load(keys.Right!));
        var rank = right.Rank > 0 ? right.Length(0) : 0;
        if (keys.Core is { } core)
        {
            return (Rebuild(tensors, tensors.Load(core), left, right, most), rank);
        }
        if (left.Rank != 2 || right.Rank < 2 || left.Length(1) != rank || rank == 0)
        {
            throw Damaged(tensors, $"matrices [out, rank] and [rank, in], got {left} and {right}");
        }
        CheckSize(tensors, most, left.Length(0), right.ElementCount / rank);
        var product = Functional.Matmul(left, right.Reshape(rank, -1));
        return (product.Reshape([left.Length(0), .. right.Shape[1..]]), rank);
    }
}

/// <summary>The keys of one of LoKr's two factors: one matrix, or two to multiply.</summary>
internal sealed record KroneckerKeys(string? Whole, string? Left, string? Right, string? Core)
{
    public bool AreComplete => Whole is not null || (Left is not null && Right is not null);
}
