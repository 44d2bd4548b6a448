using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Networks;

/// <summary>OpenCLIP's text tower written down a second time, on OpenCLIP's own names and fused matrices.</summary>
internal sealed class PlainOpenClip(IReadOnlyDictionary<string, Tensor> weights, int layers, long heads)
{
    /// <summary>Hidden states behind each layer, and the projected vector at a position.</summary>
    public (IReadOnlyList<Tensor> Hidden, Tensor Pooled) Forward(long[] ids, int end)
    {
        var x = Tensor.Stack([.. ids.Select(id => weights["token_embedding.weight"].Select(0, id))], 0);
        x = (x + weights["positional_embedding"].Slice(0, 0, ids.Length)).Unsqueeze(0);
        var hidden = new List<Tensor>();
        for (var index = 0; index < layers; index++)
        {
            var block = $"transformer.resblocks.{index}";
            x += Attend($"{block}.attn", Norm($"{block}.ln_1", x));
            var inner = Functional.Gelu(Linear($"{block}.mlp.c_fc", Norm($"{block}.ln_2", x)));
            x += Linear($"{block}.mlp.c_proj", inner);
            hidden.Add(x);
        }
        var last = Norm("ln_final", x).Select(1, end);
        return (hidden, Functional.Matmul(last, weights["text_projection"]));
    }

    private Tensor Attend(string name, Tensor x)
    {
        var parts = Functional
            .Linear(x, weights[$"{name}.in_proj_weight"], weights[$"{name}.in_proj_bias"])
            .Chunk(3, -1);
        var length = x.Length(1);
        var width = x.Length(2) / heads;
        var attended = new List<Tensor>();
        for (var head = 0L; head < heads; head++)
        {
            var (q, k, v) = (Head(parts[0], head), Head(parts[1], head), Head(parts[2], head));
            var rows = new List<Tensor>();
            // A token sees itself and those before it.
            for (var row = 0L; row < length; row++)
            {
                var scores = Functional.Matmul(q.Slice(1, row, row + 1), k.Slice(1, 0, row + 1).Transpose(1, 2));
                rows.Add(Functional.Matmul(Functional.Softmax(scores / Math.Sqrt(width)), v.Slice(1, 0, row + 1)));
            }
            attended.Add(Tensor.Concat([.. rows], 1));
        }
        return Linear($"{name}.out_proj", Tensor.Concat([.. attended], 2));

        Tensor Head(Tensor tensor, long head) => tensor.Slice(2, head * width, (head + 1) * width);
    }

    private Tensor Linear(string name, Tensor x) =>
        Functional.Linear(x, weights[$"{name}.weight"], weights[$"{name}.bias"]);

    private Tensor Norm(string name, Tensor x) =>
        Functional.LayerNorm(x, weights[$"{name}.weight"], weights[$"{name}.bias"]);
}
