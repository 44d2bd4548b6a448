namespace NodeHost.Tests.Diffusion.Networks;

/// <summary>
/// taesd's decoder in plain loops, layer by layer as its published list of twenty modules: clamp, convolution, ReLU, three
/// times (three blocks, upsampling, convolution without bias), block, convolution.
/// </summary>
internal sealed class PlainTinyDecoder(RandomWeights weights)
{
    private const int Width = 64;

    public float[] Decode(float[] latent, int side)
    {
        var x = latent.Select(value => MathF.Tanh(value / 3) * 3).ToArray();
        x = Rectify(Convolve("1", x, side, Width));
        int[][] stages =
        [
            [3, 4, 5],
            [8, 9, 10],
            [13, 14, 15],
        ];
        foreach (var stage in stages)
        {
            foreach (var block in stage)
            {
                x = Block(block, x, side);
            }
            x = Double(x, side);
            side *= 2;
            x = Convolve($"{stage[2] + 2}", x, side, Width);
        }
        return Convolve("19", Block(18, x, side), side, 3);
    }

    private float[] Block(int index, float[] x, int side)
    {
        var hidden = Rectify(Convolve($"{index}.conv.0", x, side, Width));
        hidden = Rectify(Convolve($"{index}.conv.2", hidden, side, Width));
        hidden = Convolve($"{index}.conv.4", hidden, side, Width);
        return Rectify([.. hidden.Zip(x, (a, b) => a + b)]);
    }

    private float[] Convolve(string layer, float[] x, int side, int outputs)
    {
        var weight = weights.Tensors[$"{layer}.weight"].ToArray<float>();
        var bias = weights.Tensors.TryGetValue($"{layer}.bias", out var given)
            ? given.ToArray<float>()
            : new float[outputs];
        var inputs = x.Length / (side * side);
        var result = new float[outputs * side * side];
        for (var output = 0; output < outputs; output++)
        {
            for (var at = 0; at < side * side; at++)
            {
                var (row, column) = (at / side, at % side);
                var sum = (double)bias[output];
                for (var tap = 0; tap < 9; tap++)
                {
                    var (y, z) = (row + (tap / 3) - 1, column + (tap % 3) - 1);
                    if (y < 0 || z < 0 || y >= side || z >= side)
                    {
                        continue;
                    }
                    for (var input = 0; input < inputs; input++)
                    {
                        sum += weight[((output * inputs) + input) * 9 + tap] * x[(input * side + y) * side + z];
                    }
                }
                result[output * side * side + at] = (float)sum;
            }
        }
        return result;
    }

    private static float[] Double(float[] x, int side)
    {
        var large = side * 2;
        var result = new float[x.Length * 4];
        for (var at = 0; at < result.Length; at++)
        {
            var (channel, row, column) = (at / (large * large), at / large % large, at % large);
            result[at] = x[(channel * side + row / 2) * side + column / 2];
        }
        return result;
    }

    private static float[] Rectify(float[] x) => [.. x.Select(value => MathF.Max(value, 0))];
}
