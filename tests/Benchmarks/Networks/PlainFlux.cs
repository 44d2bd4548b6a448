using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Tensors;

namespace NodeHost.Benchmarks.Networks;

/// <summary>
/// Flux written down operator by operator as PyTorch's eager reference runs it, for a batch of one: what the network is
/// measured, and its output compared, against.
/// </summary>
/// <remarks>After https://github.com/black-forest-labs/flux/tree/802fb47/src/flux (Apache-2.0).</remarks>
internal sealed class PlainFlux(IReadOnlyDictionary<string, Tensor> weights, FluxConfig config)
{
    private const int TimeWidth = 256;
    private const int Patch = FluxConfig.PatchSize;
    private const double Theta = 10_000;

    public Tensor Forward(Tensor x, Tensor timesteps, NetworkInput input)
    {
        using var scope = new TensorScope();
        var (channels, rows, columns) = (x.Length(1), x.Length(2) / Patch, x.Length(3) / Patch);
        var patches = x.Reshape(1, channels, rows, Patch, columns, Patch).Permute(0, 2, 4, 1, 3, 5);
        var image = Linear("img_in", patches.Reshape(1, rows * columns, channels * Patch * Patch));
        var text = Linear("txt_in", input.Context);
        var vector = Embed("time_in", Sinusoids(timesteps, x)) + Embed("vector_in", input.Pooled!);
        if (input.Guidance is { } guidance)
        {
            vector += Embed("guidance_in", Sinusoids(guidance, x));
        }
        var rotations = Rotations(text.Length(1), rows, columns, x.Device);

        for (var block = 0; block < config.DoubleBlocks; block++)
        {
            (image, text) = Double($"double_blocks.{block}", image, text, vector, rotations);
        }
        var joint = Tensor.Concat([text, image], 1);
        for (var block = 0; block < config.SingleBlocks; block++)
        {
            joint = Single($"single_blocks.{block}", joint, vector, rotations);
        }
        var predicted = joint.Slice(1, text.Length(1));
        var final = Linear("final_layer.adaLN_modulation.1", Functional.Silu(vector)).Chunk(2, 1);
        predicted = Linear("final_layer.linear", Modulate(predicted, final[0], final[1]));
        return scope.Keep(
            predicted
                .Reshape(1, rows, columns, config.OutputChannels, Patch, Patch)
                .Permute(0, 3, 1, 4, 2, 5)
                .Reshape(1, config.OutputChannels, rows * Patch, columns * Patch)
        );
    }

    private (Tensor Image, Tensor Text) Double(string name, Tensor image, Tensor text, Tensor vector, Tensor rotations)
    {
        using var scope = new TensorScope();
        var imageParts = Linear($"{name}.img_mod.lin", Functional.Silu(vector)).Chunk(6, 1);
        var textParts = Linear($"{name}.txt_mod.lin", Functional.Silu(vector)).Chunk(6, 1);
        var (imageQuery, imageKey, imageValue) = Heads(
            $"{name}.img_attn",
            Modulate(image, imageParts[0], imageParts[1])
        );
        var (textQuery, textKey, textValue) = Heads($"{name}.txt_attn", Modulate(text, textParts[0], textParts[1]));
        var attended = Attend(
            Tensor.Concat([textQuery, imageQuery], 2),
            Tensor.Concat([textKey, imageKey], 2),
            Tensor.Concat([textValue, imageValue], 2),
            rotations
        );
        var length = text.Length(1);
        return (
            scope.Keep(Update($"{name}.img", image, attended.Slice(1, length), imageParts)),
            scope.Keep(Update($"{name}.txt", text, attended.Slice(1, 0, length), textParts))
        );
    }

    private Tensor Update(string name, Tensor x, Tensor attended, Tensor[] parts)
    {
        x += parts[2].Unsqueeze(1) * Linear($"{name}_attn.proj", attended);
        var hidden = Functional.Gelu(Linear($"{name}_mlp.0", Modulate(x, parts[3], parts[4])), tanh: true);
        return x + parts[5].Unsqueeze(1) * Linear($"{name}_mlp.2", hidden);
    }

    private Tensor Single(string name, Tensor x, Tensor vector, Tensor rotations)
    {
        using var scope = new TensorScope();
        var parts = Linear($"{name}.modulation.lin", Functional.Silu(vector)).Chunk(3, 1);
        var expanded = Linear($"{name}.linear1", Modulate(x, parts[0], parts[1]));
        var (query, key, value) = Split($"{name}.norm", expanded.Slice(2, 0, 3 * config.Width));
        var attended = Attend(query, key, value, rotations);
        var hidden = Functional.Gelu(expanded.Slice(2, 3 * config.Width), tanh: true);
        var output = Linear($"{name}.linear2", Tensor.Concat([attended, hidden], 2));
        return scope.Keep(x + parts[2].Unsqueeze(1) * output);
    }

    private (Tensor Query, Tensor Key, Tensor Value) Heads(string name, Tensor x) =>
        Split($"{name}.norm", Linear($"{name}.qkv", x));

    private (Tensor Query, Tensor Key, Tensor Value) Split(string name, Tensor qkv)
    {
        var parts = qkv.Reshape(1, qkv.Length(1), 3, config.Heads, config.HeadWidth).Permute(2, 0, 3, 1, 4);
        return (
            Norm($"{name}.query_norm.scale", parts.Select(0, 0)),
            Norm($"{name}.key_norm.scale", parts.Select(0, 1)),
            parts.Select(0, 2)
        );
    }

    private Tensor Norm(string scale, Tensor x)
    {
        var exact = x.To(DType.Float32);
        var inverse = (exact.Pow(2).Mean([-1], keepDimensions: true) + 1e-6).Rsqrt();
        return (exact * inverse).To(x.DType) * weights[scale];
    }

    private Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor rotations)
    {
        var (q, k) = (Turn(query, rotations), Turn(key, rotations));
        var attended = Functional.HasFusedAttention
            ? Functional.ScaledDotProductAttention(q, k, value)
            : Functional.Matmul(
                Functional.Softmax(Functional.Matmul(q, k.Transpose(2, 3)) * (1 / Math.Sqrt(config.HeadWidth))),
                value
            );
        return attended.Transpose(1, 2).Reshape(1, query.Length(2), config.Width);
    }

    private static Tensor Turn(Tensor x, Tensor rotations)
    {
        var pairs = x.To(DType.Float32).Reshape(1, x.Length(1), x.Length(2), -1, 1, 2);
        var turned = rotations.Select(5, 0) * pairs.Select(5, 0) + rotations.Select(5, 1) * pairs.Select(5, 1);
        return turned.Reshape(x.Shape).To(x.DType);
    }

    /// <summary>A matrix of two by two for each token and pair of features: [1, 1, tokens, D / 2, 2, 2].</summary>
    private Tensor Rotations(long textTokens, long rows, long columns, Device device)
    {
        var angles = new List<float>();
        for (var token = 0L; token < textTokens + rows * columns; token++)
        {
            var place = token - textTokens;
            long[] position = place < 0 ? [0, 0, 0] : [0, place / columns, place % columns];
            for (var axis = 0; axis < position.Length; axis++)
            {
                for (var feature = 0L; feature < config.AxisWidths[axis]; feature += 2)
                {
                    var frequency = 1 / Math.Pow(Theta, (double)feature / config.AxisWidths[axis]);
                    angles.Add((float)(position[axis] * frequency));
                }
            }
        }
        var all = Tensor.From([.. angles], 1, 1, textTokens + rows * columns, config.HeadWidth / 2);
        var (cosine, sine) = (all.Cos(), all.Sin());
        return Tensor.Stack([cosine, -sine, sine, cosine], 4).Reshape([.. all.Shape, 2, 2]).To(device);
    }

    private static Tensor Sinusoids(Tensor times, Tensor like)
    {
        var half = TimeWidth / 2;
        var frequencies = (Tensor.Arange(0, half, device: times.Device) * (-Math.Log(Theta) / half)).Exp();
        var angles = (times * 1000.0).To(DType.Float32).Unsqueeze(1) * frequencies.Unsqueeze(0);
        return Tensor.Concat([angles.Cos(), angles.Sin()], 1).To(like.DType);
    }

    private Tensor Embed(string name, Tensor x) =>
        Linear($"{name}.out_layer", Functional.Silu(Linear($"{name}.in_layer", x)));

    private static Tensor Modulate(Tensor x, Tensor shift, Tensor scale) =>
        (scale.Unsqueeze(1) + 1) * Functional.LayerNorm(x, null, null, 1e-6) + shift.Unsqueeze(1);

    private Tensor Linear(string name, Tensor x) =>
        Functional.Linear(x, weights[$"{name}.weight"], weights[$"{name}.bias"]);
}
