using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora.Modules;

/// <summary>GLoRA: <c>alpha / rank * (W A1 A2 + B1 B2)</c>.</summary>
/// <remarks>"One-for-All: Generalized LoRA", Chavan et al. 2023, as LyCORIS writes it (arXiv 2309.14859).</remarks>
internal sealed class GeneralizedModule(string name, string a1, string a2, string b1, string b2, string? mid)
    : LoraModule(name)
{
    public override string Kind => "GLoRA";

    internal override bool IsIndependent => false;

    private protected override IEnumerable<string?> OwnKeys => [a1, a2, b1, b2, mid];

    internal override (Tensor Change, double Factor) Compute(ILoraTensors tensors, Tensor weight, double strength)
    {
        using var scope = new TensorScope();
        if (weight.Rank < 2)
        {
            throw Damaged(tensors, $"an update of {weight}, got four matrices");
        }
        var (left, right) = (Matrix(tensors, a1), Matrix(tensors, a2)); // [in, rank], [rank, in]
        var added = new LowRankModule(Name, b1, b2, mid, Kind).Compute(tensors, weight, 1).Change; // [out, in * kH * kW]
        var (outputs, inputs, rank) = (weight.Length(0), weight.Length(1), right.Length(0));
        if (left.Length(0) != inputs || left.Length(1) != rank || right.Length(1) != inputs)
        {
            throw Damaged(tensors, $"matrices [{inputs}, rank] and [rank, {inputs}], got {left} and {right}");
        }
        if (added.ElementCount != weight.ElementCount)
        {
            throw Damaged(tensors, $"an update of {weight}, got {added}");
        }
        CheckIntermediate(tensors, weight.ElementCount, weight.ElementCount / inputs, rank);
        var mixed = Functional.Matmul(
            Functional.Matmul(weight.Reshape(outputs, inputs, -1).Transpose(1, 2), left),
            right
        ); // [out, kH * kW, in]
        var change = mixed.Transpose(1, 2).Reshape(outputs, -1) + added;
        return (scope.Keep(change), strength * AlphaOver(tensors, rank));
    }

    private Tensor Matrix(ILoraTensors tensors, string key)
    {
        var tensor = tensors.Load(key);
        return tensor.Rank is 2 or 4 && tensor.ElementCount > 0
            ? tensor.Reshape(tensor.Length(0), -1)
            : throw Damaged(tensors, $"a matrix '{key}', got {tensor}");
    }
}
