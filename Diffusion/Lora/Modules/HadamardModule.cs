using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora.Modules;

/// <summary>LoHa: <c>alpha / rank * (W1a W1b) * (W2a W2b)</c>, the products multiplied element by element.</summary>
/// <remarks>LyCORIS, arXiv 2309.14859; after "FedPara", Hyeon-Woo et al. 2021.</remarks>
internal sealed class HadamardModule(string name, HadamardKeys first, HadamardKeys second) : LoraModule(name)
{
    public override string Kind => "LoHa";

    private protected override IEnumerable<string?> OwnKeys =>
        [first.Left, first.Right, first.Core, second.Left, second.Right, second.Core];

    internal override (Tensor Change, double Factor) Compute(ILoraTensors tensors, Tensor weight, double strength)
    {
        using var scope = new TensorScope();
        var (left, rank) = Factor(tensors, first, weight.ElementCount);
        var (right, _) = Factor(tensors, second, weight.ElementCount);
        if (!left.Shape.SequenceEqual(right.Shape))
        {
            throw Damaged(tensors, $"two factors of one shape, got {left} and {right}");
        }
        return (scope.Keep(left * right), strength * AlphaOver(tensors, rank));
    }

    private (Tensor Product, long Rank) Factor(ILoraTensors tensors, HadamardKeys keys, long most)
    {
        var (left, right) = (tensors.Load(keys.Left), tensors.Load(keys.Right));
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
        return (Functional.Matmul(left, right.Reshape(rank, -1)), rank);
    }
}

/// <summary>The keys of one of LoHa's two factors.</summary>
/// <param name="Left">[out, rank]; with a core [rank, out].</param>
/// <param name="Right">[rank, in] (times the kernel's size, without a core).</param>
/// <param name="Core">[rank, rank, kH, kW], in convolutions decomposed after Tucker.</param>
internal sealed record HadamardKeys(string Left, string Right, string? Core);
