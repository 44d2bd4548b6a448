using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora.Modules;

/// <summary>OFT and BOFT: blocks of the output rows are turned by orthogonal matrices; BOFT does so several times, butterfly-wise.</summary>
/// <remarks>
/// "Controlling Text-to-Image Diffusion by Orthogonal Finetuning", Qiu et al. 2023, and "Parameter-Efficient Orthogonal
/// Finetuning via Butterfly Factorization", Liu et al. 2023, as LyCORIS writes them. Alpha is the constraint here: the
/// largest norm of the blocks, per row.
/// </remarks>
internal sealed class OrthogonalModule(string name, string blocks, string? scale) : LoraModule(name)
{
    private static readonly Operator InverseOperator = new("aten::linalg_inv");
    private static readonly Operator EyeOperator = new("aten::eye");

    public override string Kind => "OFT";

    internal override bool IsIndependent => false;

    private protected override IEnumerable<string?> OwnKeys => [blocks, scale];

    internal override (Tensor Change, double Factor) Compute(ILoraTensors tensors, Tensor weight, double strength)
    {
        using var scope = new TensorScope();
        var skew = tensors.Load(blocks); // [blocks, size, size], or BOFT's [steps, blocks, size, size]
        var outputs = weight.Length(0);
        if (
            skew.Rank is not (3 or 4)
            || skew.Length(-1) != skew.Length(-2)
            || skew.Length(-1) * skew.Length(-3) != outputs
            || (skew.Rank == 4 && skew.Length(-1) % 2 != 0)
        )
        {
            throw Damaged(tensors, $"blocks [count, size, size] of {outputs} rows, got {skew}");
        }
        var turns = Turns(tensors, skew, outputs);
        turns = turns * strength + Identity(skew.Length(-1)) * (1 - strength);
        var rows = weight.Reshape(outputs, -1);
        var turned = skew.Rank == 3 ? Turn(turns.Transpose(1, 2), rows) : Butterfly(tensors, turns, rows);
        if (scale is not null)
        {
            var factors = tensors.Load(scale);
            turned *=
                factors.ElementCount == outputs
                    ? factors.Reshape(outputs, 1)
                    : throw Damaged(tensors, $"{outputs} factors '{scale}', got {factors}");
        }
        return (scope.Keep(turned - rows), 1);
    }

    // Cayley's transform of the skew-symmetric part is orthogonal: (I + Q) (I - Q)^-1.
    private Tensor Turns(ILoraTensors tensors, Tensor blocks, long outputs)
    {
        var skew = blocks - blocks.Transpose(-1, -2);
        var limit = Alpha is { } key ? Number(tensors, key) * outputs : 0;
        if (limit > 0)
        {
            var norm = Math.Sqrt(skew.Pow(2).Sum().Item()) + 1e-8;
            skew = norm > limit ? skew * (limit / norm) : skew;
        }
        var identity = Identity(blocks.Length(-1));
        return Functional.Matmul(identity + skew, InverseOperator.Call(identity - skew));
    }

    private static Tensor Identity(long size) => EyeOperator.Call(size, DType.Float32, Argument.None, Device.Cpu);

    private static Tensor Turn(Tensor turns, Tensor rows)
    {
        var (count, size) = (turns.Length(0), turns.Length(1));
        return Functional.Bmm(turns, rows.Reshape(count, size, -1)).Reshape(count * size, -1);
    }

    private Tensor Butterfly(ILoraTensors tensors, Tensor turns, Tensor rows)
    {
        var columns = rows.Length(1);
        for (var step = 0; step < turns.Length(0); step++)
        {
            var half = (1L << step) * (turns.Length(-1) / 2);
            if (step > 32 || rows.Length(0) % (2 * half) != 0)
            {
                throw Damaged(tensors, $"a butterfly of {rows.Length(0)} rows, got {turns.Length(0)} steps");
            }
            // Rows that lie half a wing apart come to stand side by side, are turned, and go back.
            rows = rows.Reshape(-1, 2, half, columns).Transpose(1, 2).Reshape(-1, columns);
            rows = Turn(turns.Select(0, step), rows);
            rows = rows.Reshape(-1, half, 2, columns).Transpose(1, 2).Reshape(-1, columns);
        }
        return rows;
    }
}
