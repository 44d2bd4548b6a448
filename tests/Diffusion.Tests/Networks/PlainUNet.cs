using System.Globalization;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Networks;

/// <summary>
/// A latent diffusion UNet written down a second time, as an interpreter of its keys: what stands under a numbered place
/// says what is done there. No configuration, no plan, attention by the formula.
/// </summary>
internal sealed class PlainUNet(IReadOnlyDictionary<string, Tensor> weights, Func<long, long> headsOf)
{
    public Tensor Forward(Tensor x, Tensor timesteps, Tensor context, Tensor? vector = null)
    {
        var embedding = TwoLayers(
            "time_embed",
            Sinusoids(timesteps, weights["time_embed.0.weight"].Length(1)),
            "0",
            "2"
        );
        if (vector is not null)
        {
            embedding += TwoLayers("label_emb.0", vector, "0", "2");
        }
        var skips = new Stack<Tensor>();
        for (var index = 0; Has($"input_blocks.{index}"); index++)
        {
            x = Place($"input_blocks.{index}", x, embedding, context);
            skips.Push(x);
        }
        x = Place("middle_block", x, embedding, context);
        for (var index = 0; Has($"output_blocks.{index}"); index++)
        {
            x = Place($"output_blocks.{index}", Tensor.Concat([x, skips.Pop()], 1), embedding, context);
        }
        return Convolve("out.2", Functional.Silu(Norm("out.0", x, 1e-5)), 1);
    }

    private Tensor Place(string place, Tensor x, Tensor embedding, Tensor context)
    {
        for (var index = 0; Has($"{place}.{index}"); index++)
        {
            var name = $"{place}.{index}";
            x =
                Has($"{name}.in_layers") ? Residual(name, x, embedding)
                : Has($"{name}.transformer_blocks") ? Transformer(name, x, context)
                : Has($"{name}.op") ? Convolve($"{name}.op", x, 2)
                : Has($"{name}.conv") ? Convolve($"{name}.conv", Doubled(x), 1)
                : Convolve(name, x, 1);
        }
        return x;
    }

    private Tensor Residual(string name, Tensor x, Tensor embedding)
    {
        var hidden = Convolve($"{name}.in_layers.2", Functional.Silu(Norm($"{name}.in_layers.0", x, 1e-5)), 1);
        hidden += Linear($"{name}.emb_layers.1", Functional.Silu(embedding)).Reshape(-1, hidden.Length(1), 1, 1);
        hidden = Convolve($"{name}.out_layers.3", Functional.Silu(Norm($"{name}.out_layers.0", hidden, 1e-5)), 1);
        return (Has($"{name}.skip_connection") ? Convolve($"{name}.skip_connection", x, 1) : x) + hidden;
    }

    private Tensor Transformer(string name, Tensor x, Tensor context)
    {
        var (channels, height, width) = (x.Length(1), x.Length(2), x.Length(3));
        var isLinear = weights[$"{name}.proj_in.weight"].Rank == 2;
        var tokens = Norm($"{name}.norm", x, 1e-6);
        tokens = isLinear
            ? Linear($"{name}.proj_in", ToTokens(tokens))
            : ToTokens(Convolve($"{name}.proj_in", tokens, 1));
        for (var index = 0; Has($"{name}.transformer_blocks.{index}"); index++)
        {
            var layer = $"{name}.transformer_blocks.{index}";
            var normalised = LayerNorm($"{layer}.norm1", tokens);
            tokens += Attend($"{layer}.attn1", normalised, normalised);
            tokens += Attend($"{layer}.attn2", LayerNorm($"{layer}.norm2", tokens), context);
            var gates = Linear($"{layer}.ff.net.0.proj", LayerNorm($"{layer}.norm3", tokens)).Chunk(2, -1);
            tokens += Linear($"{layer}.ff.net.2", gates[0] * Functional.Gelu(gates[1]));
        }
        var map = isLinear ? ToMap(Linear($"{name}.proj_out", tokens)) : Convolve($"{name}.proj_out", ToMap(tokens), 1);
        return x + map;

        Tensor ToMap(Tensor sequence) => sequence.Transpose(1, 2).Reshape(-1, channels, height, width);
    }

    private Tensor Attend(string name, Tensor x, Tensor context)
    {
        var (q, k, v) = (Product("to_q", x), Product("to_k", context), Product("to_v", context));
        var heads = headsOf(q.Length(2));
        var width = q.Length(2) / heads;
        var parts = new List<Tensor>();
        for (var head = 0L; head < heads; head++)
        {
            var (from, to) = (head * width, (head + 1) * width);
            var scores = Functional.Matmul(q.Slice(2, from, to), k.Slice(2, from, to).Transpose(1, 2));
            parts.Add(Functional.Matmul(Functional.Softmax(scores / Math.Sqrt(width)), v.Slice(2, from, to)));
        }
        return Linear($"{name}.to_out.0", Tensor.Concat([.. parts], 2));

        Tensor Product(string layer, Tensor given) => Functional.Linear(given, weights[$"{name}.{layer}.weight"]);
    }

    private static Tensor ToTokens(Tensor map) => map.Reshape(map.Length(0), map.Length(1), -1).Transpose(1, 2);

    private static Tensor Doubled(Tensor x) =>
        Functional.Interpolate(x, 2 * x.Length(2), 2 * x.Length(3), InterpolationMode.Nearest);

    private static Tensor Sinusoids(Tensor times, long width)
    {
        var half = width / 2;
        var rows = times
            .ToArray<float>()
            .Select(time =>
            {
                var angles = Enumerable
                    .Range(0, (int)half)
                    .Select(index => time * Math.Pow(10000, -(double)index / half))
                    .ToArray();
                float[] row = [.. angles.Select(a => (float)Math.Cos(a)), .. angles.Select(a => (float)Math.Sin(a))];
                return Tensor.From(row, row.Length);
            });
        return Tensor.Stack([.. rows], 0);
    }

    private Tensor TwoLayers(string name, Tensor x, string first, string second) =>
        Linear($"{name}.{second}", Functional.Silu(Linear($"{name}.{first}", x)));

    private Tensor Linear(string name, Tensor x) =>
        Functional.Linear(x, weights[$"{name}.weight"], weights[$"{name}.bias"]);

    private Tensor Convolve(string name, Tensor x, long stride)
    {
        var weight = weights[$"{name}.weight"];
        return Functional.Conv2d(x, weight, weights[$"{name}.bias"], stride, weight.Length(2) / 2);
    }

    private Tensor Norm(string name, Tensor x, double epsilon) =>
        Functional.GroupNorm(x, 32, weights[$"{name}.weight"], weights[$"{name}.bias"], epsilon);

    private Tensor LayerNorm(string name, Tensor x) =>
        Functional.LayerNorm(x, weights[$"{name}.weight"], weights[$"{name}.bias"]);

    private bool Has(string place) =>
        weights.Keys.Any(key =>
            key.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{place}."), StringComparison.Ordinal)
        );
}
