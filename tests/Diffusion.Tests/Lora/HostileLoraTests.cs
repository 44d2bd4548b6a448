using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Lora;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Tests.Diffusion.Lora;

/// <summary>Adapter files whose tensors do not fit together: each is merged, or refused by name, within bounds.</summary>
[AssertNoLeakedTensors]
public sealed class HostileLoraTests : IDisposable
{
    private const string Convolution = "input_blocks.1.0.in_layers.2.weight";
    private const string Linear = "input_blocks.1.1.transformer_blocks.0.attn1.to_q.weight";

    private static readonly WeightTarget Target = new(
        ModelRole.Diffusion,
        "SD1.5",
        new Dictionary<string, WeightInfo>
        {
            [Convolution] = new(DType.Float32, [6, 4, 3, 3]),
            [Linear] = new(DType.Float32, [6, 4]),
        }
    );

    /// <summary>Sound tensors of every kind: for the linear layer, and for the convolution.</summary>
    private static readonly (string Suffix, long[] Linear, long[] Convolution)[][] Kinds =
    [
        [(".lora_up.weight", [6, 2], [6, 2, 1, 1]), (".lora_down.weight", [2, 4], [2, 4, 3, 3])],
        [
            (".lora_up.weight", [6, 2], [6, 2, 1, 1]),
            (".lora_down.weight", [2, 4], [2, 4, 1, 1]),
            (".lora_mid.weight", [2, 2, 1, 1], [2, 2, 3, 3]),
        ],
        [
            (".hada_w1_a", [6, 2], [6, 2]),
            (".hada_w1_b", [2, 4], [2, 36]),
            (".hada_w2_a", [6, 2], [6, 2]),
            (".hada_w2_b", [2, 4], [2, 36]),
        ],
        [
            (".hada_t1", [2, 2, 1, 1], [2, 2, 3, 3]),
            (".hada_w1_a", [2, 6], [2, 6]),
            (".hada_w1_b", [2, 4], [2, 4]),
            (".hada_t2", [2, 2, 1, 1], [2, 2, 3, 3]),
            (".hada_w2_a", [2, 6], [2, 6]),
            (".hada_w2_b", [2, 4], [2, 4]),
        ],
        [(".lokr_w1", [2, 2], [2, 2]), (".lokr_w2", [3, 2], [3, 2, 3, 3])],
        [
            (".lokr_w1_a", [2, 2], [2, 2]),
            (".lokr_w1_b", [2, 2], [2, 2]),
            (".lokr_w2_a", [3, 2], [3, 2]),
            (".lokr_w2_b", [2, 2], [2, 18]),
        ],
        [
            (".lokr_w1", [2, 2], [2, 2]),
            (".lokr_t2", [2, 2, 1, 1], [2, 2, 3, 3]),
            (".lokr_w2_a", [2, 3], [2, 3]),
            (".lokr_w2_b", [2, 2], [2, 2]),
        ],
        [
            (".a1.weight", [4, 2], [4, 2]),
            (".a2.weight", [2, 4], [2, 4]),
            (".b1.weight", [6, 2], [6, 2, 1, 1]),
            (".b2.weight", [2, 4], [2, 4, 3, 3]),
        ],
        [(".oft_blocks", [3, 2, 2], [3, 2, 2]), (".rescale", [6, 1], [6, 1, 1, 1])],
        [(".oft_blocks", [1, 3, 2, 2], [1, 3, 2, 2])],
        [(".diff", [6, 4], [6, 4, 3, 3]), (".diff_b", [6], [6])],
        [(".set_weight", [6, 4], [6, 4, 3, 3])],
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Patch_TwoThousandDamagedFiles_MergesOrRefusesEach()
    {
        var refused = 0;
        var failures = new List<string>();
        for (var seed = 0; seed < 2000; seed++)
        {
            var (path, description) = Damaged(new Random(seed));
            try
            {
                using var scope = new TensorScope();
                var lora = LoraFile.Open(path);
                Merge(lora, Linear, [6, 4]);
                Merge(lora, Convolution, [6, 4, 3, 3]);
                using var beside = new UnmergedAdapter(lora, Target, null, Device.Cpu);
                using var output = Tensor.Zeros([1, 3, 6]);
                foreach (var update in beside.For(Linear))
                {
                    update.AddLinear(Tensor.Ones([1, 3, 4]), output, 1);
                }
                foreach (var update in beside.For(Convolution))
                {
                    update.AddConvolution(Tensor.Ones([1, 4, 5, 5]), Tensor.Zeros([1, 6, 5, 5]), 1, 1, 1);
                }
            }
            catch (LoraException error)
            {
                Assert.Contains(path, error.Message);
                refused++;
            }
            catch (Exception error)
            {
                failures.Add($"seed {seed}: {error.GetType().Name} {error.Message.Split('\n')[0]}\n   {description}");
            }
        }
        Assert.Empty(failures);
        Assert.InRange(refused, 500, 1999);
    }

    private static void Merge(LoraFile lora, string weight, long[] shape)
    {
        var patcher = lora.For(Target, 0.5);
        if (patcher?.Patches(weight) == true)
        {
            var merged = patcher.Patch(weight, Tensor.Ones(shape));
            Assert.Equal(shape, merged.Shape.ToArray());
        }
    }

    private (string Path, string Description) Damaged(Random random)
    {
        using var scope = new TensorScope();
        var path = _folder.File("damaged.safetensors");
        var isLinear = random.Next(2) == 0;
        var tensors = Kinds[random.Next(Kinds.Length)]
            .Append((".alpha", [], []))
            .Concat(random.Next(3) == 0 ? [(".dora_scale", [6, 1], [6, 1, 1, 1])] : [])
            .ToDictionary(
                tensor => tensor.Item1,
                tensor => (Shape: isLinear ? tensor.Item2 : tensor.Item3, DType: DType.Float32)
            );
        for (var changes = random.Next(1, 4); changes > 0 && tensors.Count > 0; changes--)
        {
            var suffix = tensors.Keys.ElementAt(random.Next(tensors.Count));
            if (random.Next(12) == 0)
            {
                tensors.Remove(suffix);
                continue;
            }
            tensors[suffix] = (
                Change(tensors[suffix].Shape, random),
                random.Next(4) == 0 ? Odd[random.Next(Odd.Length)] : tensors[suffix].DType
            );
        }
        var module = isLinear
            ? "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q"
            : "lora_unet_down_blocks_0_resnets_0_conv1";
        var saved = tensors.ToDictionary(
            tensor => module + tensor.Key,
            tensor => Tensor.Full(tensor.Value.Shape, random.Next(10) == 0 ? double.NaN : 0.5).To(tensor.Value.DType)
        );
        SafetensorsWriter.Save(path, saved);
        return (
            path,
            string.Join("; ", tensors.Select(tensor => $"{tensor.Key} [{string.Join(',', tensor.Value.Shape)}]"))
        );
    }

    private static readonly DType[] Odd = [DType.Int64, DType.Int8, DType.Bool, DType.Float16, DType.BFloat16];

    private static long[] Change(long[] shape, Random random)
    {
        long[] lengths = [0, 1, 2, 3, 4, 6, 36, 200_000];
        switch (random.Next(5))
        {
            case 0 when shape.Length > 1:
                return [.. shape.Reverse()];
            case 1 when shape.Length > 0:
                return shape[1..];
            case 2 when shape.Length < 5:
                return [.. shape, lengths[random.Next(7)]];
            case 3 when shape.Length > 1:
                // Little in the file, and a great deal when it is multiplied.
                long[] thin = [.. shape.Select(_ => 1L)];
                thin[random.Next(2)] = 200_000;
                return thin;
            default:
                if (shape.Length == 0)
                {
                    return [lengths[random.Next(7)]];
                }
                long[] changed = [.. shape];
                changed[random.Next(shape.Length)] = lengths[random.Next(7)];
                return changed;
        }
    }
}
