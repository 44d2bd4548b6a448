using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora.Modules;

/// <summary>LoRA and LoCon: <c>alpha / rank * B A</c>.</summary>
/// <remarks>Paper: "LoRA: Low-Rank Adaptation of Large Language Models", Hu et al. 2021; for convolutions LyCORIS, arXiv 2309.14859.</remarks>
/// <param name="name">What the file calls the layer.</param>
/// <param name="up">Key of B [out, rank] (or a convolution's [out, rank, 1, 1]).</param>
/// <param name="down">Key of A [rank, in] (or [rank, in, kH, kW]).</param>
/// <param name="mid">Key of the core [rank, rank, kH, kW] between both, in convolutions decomposed after Tucker.</param>
/// <param name="kind">The method that it is part of.</param>
internal sealed class LowRankModule(string name, string up, string down, string? mid, string kind = "LoRA")
    : LoraModule(name)
{
    public override string Kind => kind;

    private protected override IEnumerable<string?> OwnKeys => [up, down, mid];

    internal override (Tensor Change, double Factor) Compute(ILoraTensors tensors, Tensor weight, double strength)
    {
        using var scope = new TensorScope();
        var (b, a, factor) = LoadFactors(tensors, weight.ElementCount);
        CheckSize(tensors, weight.ElementCount, b.Length(0), a.ElementCount / a.Length(0));
        var update = Functional.Matmul(b.Reshape(b.Length(0), -1), a.Reshape(a.Length(0), -1));
        return (scope.Keep(update), strength * factor);
    }

    /// <summary>B [out, rank] and A [rank, in] (or with a kernel's dimensions behind) in float32, and alpha / rank.</summary>
    /// <param name="tensors">The adapter.</param>
    /// <param name="most">Numbers in the layer's weight.</param>
    internal (Tensor Up, Tensor Down, double Factor) LoadFactors(ILoraTensors tensors, long most)
    {
        var (b, a) = (tensors.Load(up), tensors.Load(down));
        if (
            b.Rank is not (2 or 4)
            || a.Rank is not (2 or 4)
            || b.ElementCount == 0
            || b.ElementCount != b.Length(0) * a.Length(0)
        )
        {
            throw Damaged(tensors, $"matrices [out, rank] and [rank, in], got {b} and {a}");
        }
        var rank = a.Length(0);
        return (b, mid is null ? a : ComposeCore(tensors, a, tensors.Load(mid), most), AlphaOver(tensors, rank));
    }

    // A'[r, i, h, w] = sum over s of core[r, s, h, w] A[s, i].
    private Tensor ComposeCore(ILoraTensors tensors, Tensor a, Tensor core, long most)
    {
        var rank = a.Length(0);
        if (core.Rank != 4 || core.Length(0) != rank || core.Length(1) != rank)
        {
            throw Damaged(tensors, $"a core [{rank}, {rank}, kH, kW], got {core}");
        }
        CheckIntermediate(tensors, most, core.ElementCount / rank, a.ElementCount / rank);
        return Functional.Matmul(core.Permute(0, 2, 3, 1), a.Reshape(rank, -1)).Permute(0, 3, 1, 2);
    }
}
